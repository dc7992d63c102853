import { useEffect, useState } from "react";
import { Action, ActionPanel, Detail, getPreferenceValues, Icon, Keyboard } from "@raycast/api";
import { describeSeconds } from "../transcribe/progress";
import { Dictation, DictationState, useDictation } from "../dictation/use-dictation";
import { OpenPreferences } from "./OpenPreferences";
import { textMarkdown } from "./text-markdown";

const working = ["starting", "recording", "transcribing"];

/** Records, shows what is said, and pastes it. */
export function DictateView() {
  const dictation = useDictation();
  const { state } = dictation;
  const seconds = useSeconds(state.step === "recording" ? state.startedMs : null);
  return (
    <Detail
      isLoading={working.includes(state.step)}
      markdown={markdownOf(dictation)}
      metadata={<DictationMetadata state={state} seconds={seconds} />}
      actions={<DictationActions {...dictation} />}
    />
  );
}

function DictationMetadata({ state, seconds }: { state: DictationState; seconds: number }) {
  const length = lengthOf(state, seconds);
  return (
    <Detail.Metadata>
      <Detail.Metadata.Label title="State" text={stateNames[state.step]} />
      {length !== null && <Detail.Metadata.Label title="Length" text={length} />}
    </Detail.Metadata>
  );
}

const stateNames: Record<DictationState["step"], string> = {
  starting: "Starting",
  recording: "Recording",
  transcribing: "Transcribing",
  kept: "Unfinished",
  failed: "Failed",
  ended: "Done",
};

function lengthOf(state: DictationState, seconds: number): string | null {
  if (state.step === "recording") return clock(seconds);
  const kept = state.step === "kept" ? state.dictation : state.step === "failed" ? state.kept : null;
  return kept === null ? null : describeSeconds(kept.durationSeconds);
}

function DictationActions(dictation: Dictation) {
  const { state, finish, discard, transcribeKept, recordAnew, startHearthAndRecord } = dictation;
  const { delivery } = getPreferenceValues<Preferences>();
  const way = delivery === "copy" ? "Copy" : "Paste";
  const discardAction = (
    <Action
      title="Discard"
      icon={Icon.Trash}
      style={Action.Style.Destructive}
      shortcut={Keyboard.Shortcut.Common.Remove}
      onAction={discard}
    />
  );
  const transcribeAction = <Action title={`Transcribe and ${way}`} icon={Icon.Waveform} onAction={transcribeKept} />;
  const recordAction = <Action title="Record a New Dictation" icon={Icon.Microphone} onAction={recordAnew} />;
  switch (state.step) {
    case "recording":
      return (
        <ActionPanel>
          <Action title={`Finish and ${way}`} icon={Icon.Check} onAction={finish} />
          {discardAction}
        </ActionPanel>
      );
    case "kept":
      return (
        <ActionPanel>
          {transcribeAction}
          {recordAction}
          {discardAction}
        </ActionPanel>
      );
    case "failed":
      return (
        <ActionPanel>
          {state.kept !== null && transcribeAction}
          {state.error.code === "DAEMON_UNREACHABLE" && (
            <Action title="Start Hearth" icon={Icon.Power} onAction={startHearthAndRecord} />
          )}
          <Action title="Try Again" icon={Icon.ArrowClockwise} onAction={recordAnew} />
          <OpenPreferences />
          {state.kept !== null && discardAction}
        </ActionPanel>
      );
    case "ended":
      return <ActionPanel>{recordAction}</ActionPanel>;
    default:
      return undefined;
  }
}

function markdownOf({ state, text }: Dictation): string {
  if (state.step === "kept") return `**${state.reason}**\n\n${describeKept(state.dictation)}`;
  if (state.step === "ended") return `*${state.how}*`;
  if (state.step === "failed") {
    const { error, kept } = state;
    const rest = kept === null ? "" : `\n\nThe recording up to that point is kept: ${describeKept(kept)}`;
    return `**${textMarkdown(error.message)}**\n\n${textMarkdown(error.hint)}${rest}`;
  }
  const settled = textMarkdown(text.settled.trim());
  const tentative = text.tentative.trim();
  // What may still change stands in italics.
  if (tentative !== "") return `${settled} *${textMarkdown(tentative)}*`.trim();
  if (settled !== "") return settled;
  return state.step === "recording" ? "*Listening…*" : "";
}

function describeKept({ durationSeconds, recordedAt }: { durationSeconds: number; recordedAt: Date }): string {
  return `${describeSeconds(durationSeconds)}, recorded ${recordedAt.toLocaleString("en-US")}`;
}

function useSeconds(startedMs: number | null): number {
  const [nowMs, setNowMs] = useState(Date.now());
  useEffect(() => {
    if (startedMs === null) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [startedMs]);
  return startedMs === null ? 0 : Math.max(0, Math.round((nowMs - startedMs) / 1000));
}

function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
