import { rm } from "node:fs/promises";
import { useEffect, useRef, useState } from "react";
import { showToast, Toast } from "@raycast/api";
import { readHealth } from "../daemon/read-health";
import { itemOf } from "../transcribe/batch";
import { deliverText } from "../transcribe/deliver-text";
import { defaultOptions } from "../settings/default-options";
import { transcribeWithToast } from "../transcribe/transcribe-with-toast";
import { tellFailure } from "../views/tell-failure";
import { showLiveText } from "./live-text";
import { recordedPart } from "./recorded-part";
import { Recorder, startRecorder } from "./start-recorder";
import { findUnfinishedDictation, newDictationPath, UnfinishedDictation } from "./unfinished-dictation";

export type DictationState =
  | { step: "starting" }
  | { step: "recording"; startedMs: number }
  | { step: "transcribing" }
  /** Recorded, but its text has not been delivered. */
  | { step: "kept"; dictation: UnfinishedDictation; reason: string };

export interface Dictation {
  state: DictationState;
  text: string;
  /** Ends the recording, and delivers its text as preferences say. */
  finish: () => void;
  /** Ends the recording, or takes the kept one, and throws it away. */
  discard: () => void;
  transcribeKept: () => void;
  recordAnew: () => void;
}

/** A dictation from its first word to its delivered text. What was recorded is kept until then, whatever happens. */
export function useDictation(): Dictation {
  const [state, setState] = useState<DictationState>({ step: "starting" });
  const [text, setText] = useState("");
  const recording = useRef<{ path: string; recorder: Recorder; live: AbortController } | null>(null);

  async function start(): Promise<void> {
    const kept = await findUnfinishedDictation();
    if (kept === null) await record();
    else setState({ step: "kept", dictation: kept, reason: "A dictation was recorded, but not delivered." });
  }

  async function record(): Promise<void> {
    setText("");
    await tellFailure(async () => {
      await readHealth();
      const path = newDictationPath();
      const recorder = startRecorder(path);
      const live = new AbortController();
      recording.current = { path, recorder, live };
      setState({ step: "recording", startedMs: Date.now() });
      void showLiveText({ path, options: defaultOptions(), signal: live.signal, onText: setText });
      void recorder.ended.then((failure) => {
        if (recording.current?.recorder !== recorder) return;
        void endedByItself(path, failure);
      });
    });
  }

  /** Also at the longest duration that preferences allow; what was said until then counts. */
  async function endedByItself(path: string, failure: Error | null): Promise<void> {
    leave();
    const part = await recordedPart(path).catch(() => null);
    if (part !== null) return transcribe(path);
    await rm(path, { force: true });
    await tellFailure(() => Promise.reject(failure ?? new Error("The recorder wrote nothing.")));
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
      await showToast({ style: Toast.Style.Failure, title: "Nothing was recorded" });
      return record();
    }
    const startedMs = performance.now();
    const { items, toast } = await transcribeWithToast({
      items: [itemOf(part.recording)],
      options: defaultOptions(),
      priority: "interactive",
      onChange: ([item]) => item && setText(item.progress.text + item.progress.partialText),
    });
    const [item] = items;
    if (item?.state !== "done") {
      const dictation = { path, durationSeconds: part.durationSeconds, recordedAt: new Date() };
      return setState({ step: "kept", dictation, reason: "The recording is kept." });
    }
    await rm(path, { force: true });
    await toast.hide();
    await deliverText({
      text: item.finished?.text ?? "",
      name: "the dictation",
      elapsedSeconds: (performance.now() - startedMs) / 1000,
    });
  }

  async function discard(): Promise<void> {
    const path = state.step === "kept" ? state.dictation.path : recording.current?.path;
    const recorder = recording.current?.recorder;
    leave();
    await recorder?.stop();
    if (path !== undefined) await rm(path, { force: true });
    await showToast({ style: Toast.Style.Success, title: "Discarded" });
    await start();
  }

  useEffect(() => {
    void start();
    return () => {
      // A closed window ends the recording; it is offered again when the command is next opened.
      const left = recording.current;
      leave();
      void left?.recorder.stop();
    };
  }, []);

  return {
    state,
    text,
    finish: () => void finish(),
    discard: () => void discard(),
    transcribeKept: () => state.step === "kept" && void transcribe(state.dictation.path),
    recordAnew: () => void record(),
  };
}
