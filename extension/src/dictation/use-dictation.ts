import { rm } from "node:fs/promises";
import { useEffect, useRef, useState } from "react";
import { Alert, confirmAlert, showHUD } from "@raycast/api";
import { DaemonError, toDaemonError } from "../daemon/daemon-error";
import { readHealth } from "../daemon/read-health";
import { itemOf } from "../transcribe/batch";
import { deliverText } from "../transcribe/deliver-text";
import { defaultOptions, dictationOptions } from "../settings/default-options";
import { startHearth } from "../start/start-hearth";
import { transcribeWithToast } from "../transcribe/transcribe-with-toast";
import { showLiveText } from "./live-text";
import { recordedPart } from "./recorded-part";
import { Recorder, startRecorder } from "./start-recorder";
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

export interface Dictation {
  state: DictationState;
  text: string;
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
  const [text, setText] = useState("");
  const recording = useRef<{ path: string; recorder: Recorder; live: AbortController } | null>(null);
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
    setText("");
    setState({ step: "starting" });
    await readHealth();
    // If the window was closed meanwhile, the microphone must stay off.
    if (!isOpen.current) return;
    const path = newDictationPath();
    const recorder = startRecorder(path);
    const live = new AbortController();
    recording.current = { path, recorder, live };
    setState({ step: "recording", startedMs: Date.now() });
    void showLiveText({ path, options: defaultOptions(), signal: live.signal, onText: setText });
    void recorder.ended.then((failure) => {
      if (recording.current?.recorder === recorder) void orShowFailure(() => endedByItself(path, failure));
    });
  }

  /** At the maximum duration, its text is wanted. Otherwise the user should know first. */
  async function endedByItself(path: string, failure: DaemonError | null): Promise<void> {
    leave();
    const part = await recordedPart(path).catch(() => null);
    if (failure === null && part !== null) return transcribe(path);
    if (part === null) await rm(path, { force: true });
    const left = part === null ? null : { path, durationSeconds: part.durationSeconds, recordedAt: new Date() };
    setState({ step: "failed", error: failure ?? wroteNothing(), kept: left });
  }

  function leave(): void {
    recording.current?.live.abort();
    recording.current = null;
  }

  async function finish(): Promise<void> {
    if (recording.current === null) return;
    const { path, recorder } = recording.current;
    leave();
    setState({ step: "transcribing" });
    await recorder.stop();
    await transcribe(path);
  }

  async function transcribe(path: string): Promise<void> {
    setState({ step: "transcribing" });
    const part = await recordedPart(path).catch(() => null);
    if (part === null) {
      await rm(path, { force: true });
      throw wroteNothing();
    }
    const startedMs = performance.now();
    const { items, toast } = await transcribeWithToast({
      items: [itemOf(part.recording)],
      options: dictationOptions(),
      priority: "interactive",
      onChange: ([item]) => item && setText(item.progress.text + item.progress.partialText),
    });
    const [item] = items;
    if (discarded.current.has(path)) return toast.hide();
    if (item?.state !== "done") {
      const dictation = { path, durationSeconds: part.durationSeconds, recordedAt: new Date() };
      return setState({ step: "kept", dictation, reason: "The recording is kept." });
    }
    await rm(path, { force: true });
    await toast.hide();
    setState({ step: "ended", how: "The dictation is finished." });
    await deliverText({
      text: item.finished?.text ?? "",
      name: "the dictation",
      elapsedSeconds: (performance.now() - startedMs) / 1000,
    });
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
    const recorder = recording.current?.recorder;
    leave();
    setState({ step: "ended", how: "The dictation is discarded." });
    await recorder?.stop();
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
      leave();
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

function wroteNothing(): DaemonError {
  return new DaemonError("RECORDER_FAILED", "Nothing was recorded.", {
    hint: "Allow Raycast in System Settings ▸ Privacy & Security ▸ Microphone, or choose another recorder in the preferences.",
  });
}
