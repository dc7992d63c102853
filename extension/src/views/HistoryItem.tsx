import { Action, ActionPanel, Alert, confirmAlert, Icon, Keyboard, List } from "@raycast/api";
import { ReactNode } from "react";
import { HistoryEntry } from "../daemon/api";
import { deleteTranscript } from "../daemon/history";
import { languageName } from "../settings/languages";
import { describeSeconds } from "../transcribe/progress";
import { tellFailure } from "./tell-failure";
import { textMarkdown } from "./text-markdown";
import { TranscriptActions } from "./TranscriptActions";

export interface HistoryItemProps {
  entry: HistoryEntry;
  /** Path of the recording; null if unknown. */
  path: string | null;
  /** The whole text, once it is loaded. */
  text: string | undefined;
  /** The form that Transcribe Again opens. */
  formFor: (files: string[]) => ReactNode;
  onDelete: () => void;
}

/** A past transcript. */
export function HistoryItem({ entry, path, text, formFor, onDelete }: HistoryItemProps) {
  const name = entry.name ?? firstWords(entry.excerpt);
  return (
    <List.Item
      id={entry.id}
      title={name}
      icon={Icon.Document}
      accessories={[{ date: new Date(entry.createdAt) }]}
      detail={
        <List.Item.Detail
          markdown={textMarkdown((text ?? entry.excerpt).trim())}
          metadata={
            <List.Item.Detail.Metadata>
              <List.Item.Detail.Metadata.Label title="Duration" text={describeSeconds(entry.durationSeconds)} />
              <List.Item.Detail.Metadata.Label title="Language" text={languageName(entry.language)} />
              <List.Item.Detail.Metadata.Label title="Model" text={entry.model} />
              {path !== null && <List.Item.Detail.Metadata.Label title="Recording" text={path} />}
            </List.Item.Detail.Metadata>
          }
        />
      }
      actions={
        <TranscriptActions id={entry.id} name={name} path={path} formFor={formFor}>
          <ActionPanel.Section>
            <Action
              title="Delete Transcript"
              icon={Icon.Trash}
              style={Action.Style.Destructive}
              shortcut={Keyboard.Shortcut.Common.Remove}
              onAction={() => deleteIfMeant(entry.id, name).then((deleted) => deleted && onDelete())}
            />
          </ActionPanel.Section>
        </TranscriptActions>
      }
    />
  );
}

async function deleteIfMeant(id: string, name: string): Promise<boolean> {
  const meant = await confirmAlert({
    title: "Delete this transcript?",
    message: `This deletes the text of ${name}. The recording is not deleted.`,
    primaryAction: { title: "Delete", style: Alert.ActionStyle.Destructive },
  });
  if (meant) await tellFailure(() => deleteTranscript(id));
  return meant;
}

function firstWords(text: string): string {
  const words = text.trim().split(/\s+/).slice(0, 8).join(" ");
  return words === "" ? "No speech" : words;
}
