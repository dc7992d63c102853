import { rm } from "node:fs/promises";
import { useEffect, useRef, useState } from "react";
import { Alert, confirmAlert, showHUD, Toast } from "@raycast/api";
import { DaemonError, toDaemonError } from "../daemon/daemon-error";
import { warmModel } from "../daemon/live";
import { itemOf } from "../transcribe/batch";
import { dictationOptions } from "../settings/default-options";
import { startHearth } from "../start/start-hearth";
import { transcribeWithToast } from "../transcribe/transcribe-with-toast";
import { deliverDictation } from "./deliver-dictation";
import { finishWithToast } from "./finish-with-toast";
import { LiveSession, SpokenText, startLiveSession } from "./live-session";
import { recordedPart, RecordedPart } from "./recorded-part";
import { recorderCommand } from "./recorder-command";
import { Recorder, startRecorder, wroteNothing } from "./start-recorder";
import { findUnfinishedDictation, newDictationPath, UnfinishedDictation } from "./unfinished-dictation";

export type DictationState =
  | { step: "starting" }
  | { step: "recording"; startedMs: number }
  | { step: "transcribing" }
  /** Recorded, but its text has not been pasted or copied. */
  | { step: "kept"; dictation: UnfinishedDictation; reason: string }
  /** It could not start, or ended by itself; `kept` is what was recorded until then. */
  | { step: "failed"; error: DaemonError; kept: UnfinishedDictation | null }
  | { step: "ended"; how: string };

const noText: SpokenText = { settled: "", tentative: "" };

export interface Dictation {
  state: DictationState;
  text: SpokenText;
  /** Stops the recording and pastes or copies its text. */
  finish: () => void;
  /** Deletes the recording, or the kept one, after asking. */
  discard: () => void;
  transcribeKept: () => void;
  recordAnew: () => void;
  startHearthAndRecord: () => void;
}

/** A dictation from its first word to its pasted text. Whatever happens, the recording is kept until then. */
export function useDictation(): Dictation {
  const [state, setState] = useState<DictationState>({ step: "starting" });
  const [text, setText] = useState(noText);
  const recording = useRef<{ path: string; recorder: Recorder; session: LiveSession } | null>(null);
  const isOpen = useRef(true);
  const discarded = useRef(new Set<string>());
  const kept = state.step === "kept" ? state.dictation : state.step === "failed" ? state.kept : null;

  /** Shows every error with its hint, so that nothing is left waiting. */
  async function orShowFailure(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      setState({ step: "failed", error: toDaemonError(error), kept: null });
    }
  }

  async function start(): Promise<void> {
    const found = await findUnfinishedDictation();
    if (found === null) await record();
    else setState({ step: "kept", dictation: found, reason: "Your last dictation was not finished." });
  }

  async function record(): Promise<void> {
    setText(noText);
    setState({ step: "starting" });
    const options = dictationOptions();
    // The model loads while somebody begins to speak.
    await warmModel(options.model);
    // If the window was closed meanwhile, the microphone must stay off.
    if (!isOpen.current) return;
    const path = newDictationPath();
    const recorder = startRecorder(recorderCommand(path));
    const session = startLiveSession({ path, options, onText: setText });
    recording.current = { path, recorder, session };
    setState({ step: "recording", startedMs: Date.now() });
    void recorder.ended.then((failure) => {
      if (recording.current?.recorder === recorder) void orShowFailure(() => endedByItself(path, session, failure));
    });
  }

  /** At the maximum duration, its text is wanted. Otherwise the user should know first. */
  async function endedByItself(path: string, session: LiveSession, failure: DaemonError | null): Promise<void> {
    recording.current = null;
    const part = await recordedPart(path).catch(() => null);
    if (failure === null && part !== null) return transcribe(path, session);
    session.cancel();
    if (part === null) await rm(path, { force: true });
    const left = part === null ? null : { path, durationSeconds: part.durationSeconds, recordedAt: new Date() };
    setState({ step: "failed", error: failure ?? wroteNothing(), kept: left });
  }

  async function finish(): Promise<void> {
    if (recording.current === null) return;
    const { path, recorder, session } = recording.current;
    recording.current = null;
    setState({ step: "transcribing" });
    await recorder.stop();
    await transcribe(path, session);
  }

  /** The session that heard the recording has its text soon; where it has failed, the recording is sent as a whole. */
  async function transcribe(path: string, session: LiveSession | null = null): Promise<void> {
    setState({ step: "transcribing" });
    const part = await recordedPart(path).catch(() => null);
    if (part === null) {
      session?.cancel();
      await rm(path, { force: true });
      throw wroteNothing();
    }
    const startedMs = performance.now();
    const heard = session === null ? null : await finishWithToast(session);
    const { text: spoken, toast } = heard ?? (await transcribeRecording(part));
    if (heard === null && spoken === null) session?.cancel();
    if (heard === null && spoken !== null) await session?.replace();
    if (discarded.current.has(path)) return toast.hide();
    if (spoken === null) {
      const dictation = { path, durationSeconds: part.durationSeconds, recordedAt: new Date() };
      return setState({ step: "kept", dictation, reason: "The recording is kept." });
    }
    await toast.hide();
    setState({ step: "ended", how: "The dictation is finished." });
    await deliverDictation({ text: spoken, path, elapsedSeconds: (performance.now() - startedMs) / 1000 });
  }

  async function transcribeRecording({ recording }: RecordedPart): Promise<{ text: string | null; toast: Toast }> {
    const { items, toast } = await transcribeWithToast({
      items: [itemOf(recording)],
      options: dictationOptions(),
      priority: "interactive",
      onChange: ([item]) => item && setText({ settled: item.progress.text, tentative: item.progress.partialText }),
    });
    const [item] = items;
    return { text: item?.state === "done" ? (item.finished?.text ?? "") : null, toast };
  }

  async function discard(): Promise<void> {
    const path = recording.current?.path ?? kept?.path;
    const isMeant = await confirmAlert({
      title: "Discard this dictation?",
      message: "This deletes the recording.",
      primaryAction: { title: "Discard", style: Alert.ActionStyle.Destructive },
    });
    if (!isMeant) return;
    // It may have ended by itself during the question, and be on its way to a text.
    if (path !== undefined) discarded.current.add(path);
    const left = recording.current;
    recording.current = null;
    setState({ step: "ended", how: "The dictation is discarded." });
    left?.session.cancel();
    await left?.recorder.stop();
    if (path !== undefined) await rm(path, { force: true });
    await showHUD("Discarded the dictation");
  }

  useEffect(() => {
    isOpen.current = true;
    void orShowFailure(start);
    return () => {
      // Closing the window ends the recording. It is offered again when the command is next opened.
      isOpen.current = false;
      const left = recording.current;
      recording.current = null;
      left?.session.cancel();
      void left?.recorder.stop();
    };
  }, []);

  return {
    state,
    text,
    finish: () => void orShowFailure(finish),
    discard: () => void orShowFailure(discard),
    transcribeKept: () => kept !== null && void orShowFailure(() => transcribe(kept.path)),
    recordAnew: () => void orShowFailure(record),
    startHearthAndRecord: () =>
      void orShowFailure(async () => {
        setState({ step: "starting" });
        await startHearth();
        await start();
      }),
  };
}
