import { useEffect, useState } from "react";
import { Action, ActionPanel, Detail, getPreferenceValues, Icon, Keyboard } from "@raycast/api";
import { describeSeconds } from "../transcribe/progress";
import { Dictation, useDictation } from "../dictation/use-dictation";
import { textMarkdown } from "./text-markdown";

/** Records, shows what is said, and pastes it. */
export function DictateView() {
  const dictation = useDictation();
  const { state } = dictation;
  const seconds = useSeconds(state.step === "recording" ? state.startedMs : null);
  return (
    <Detail
      navigationTitle={state.step === "recording" ? `Recording ${clock(seconds)}` : "Dictate"}
      isLoading={state.step !== "kept"}
      markdown={markdownOf(dictation)}
      actions={<DictationActions {...dictation} />}
    />
  );
}

function DictationActions({ state, finish, discard, transcribeKept, recordAnew }: Dictation) {
  const { delivery } = getPreferenceValues<Preferences>();
  const way = delivery === "copy" ? "Copy" : "Paste";
  if (state.step === "recording") {
    return (
      <ActionPanel>
        <Action title={`Finish and ${way}`} icon={Icon.Check} onAction={finish} />
        <Action
          title="Discard"
          icon={Icon.Trash}
          style={Action.Style.Destructive}
          shortcut={Keyboard.Shortcut.Common.Remove}
          onAction={discard}
        />
      </ActionPanel>
    );
  }
  if (state.step !== "kept") return undefined;
  return (
    <ActionPanel>
      <Action title={`Transcribe and ${way}`} icon={Icon.Waveform} onAction={transcribeKept} />
      <Action title="Record a New Dictation" icon={Icon.Microphone} onAction={recordAnew} />
      <Action
        title="Discard"
        icon={Icon.Trash}
        style={Action.Style.Destructive}
        shortcut={Keyboard.Shortcut.Common.Remove}
        onAction={discard}
      />
    </ActionPanel>
  );
}

function markdownOf({ state, text }: Dictation): string {
  if (state.step === "kept") {
    const { durationSeconds, recordedAt } = state.dictation;
    return `**${state.reason}**\n\n${describeSeconds(durationSeconds)}, recorded ${recordedAt.toLocaleString("en-US")}`;
  }
  if (text !== "") return textMarkdown(text);
  return state.step === "recording" ? "*Listening…*" : "";
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
