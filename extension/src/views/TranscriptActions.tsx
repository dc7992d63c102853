import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  Action,
  ActionPanel,
  Clipboard,
  getPreferenceValues,
  Icon,
  Keyboard,
  showHUD,
  showInFinder,
  showToast,
  Toast,
} from "@raycast/api";
import { ReactNode } from "react";
import { exportTranscript } from "../daemon/history";
import { userHome } from "../daemon/socket-path";
import { SavedFormat, saveTranscript } from "../transcribe/save-transcript";
import { tellFailure } from "./tell-failure";

export interface TranscriptActionsProps {
  id: string;
  name: string;
  /** Path of the recording; null if unknown. */
  path: string | null;
  /** The text, if it is already loaded. */
  text?: string;
  /** The form that Transcribe Again opens. */
  formFor: (files: string[]) => ReactNode;
  /** More actions for the same panel. */
  children?: ReactNode;
}

const exports: { format: SavedFormat; title: string }[] = [
  { format: "txt", title: "Text" },
  { format: "md", title: "Markdown" },
  { format: "docx", title: "Word" },
  { format: "srt", title: "SubRip Subtitles" },
  { format: "vtt", title: "WebVTT Subtitles" },
  { format: "json", title: "JSON" },
];

/** The actions for a transcript; the one set in the preferences comes first. */
export function TranscriptActions({ id, name, path, text, formFor, children }: TranscriptActionsProps) {
  const { delivery } = getPreferenceValues<Preferences>();
  const wholeText = async () => text ?? (await exportTranscript(id, "txt")).trim();
  const paste = (
    <Action
      key="paste"
      title="Paste Text"
      icon={Icon.Clipboard}
      onAction={() => tellFailure(async () => Clipboard.paste(await wholeText()))}
    />
  );
  const copy = (
    <Action
      key="copy"
      title="Copy Text"
      icon={Icon.CopyClipboard}
      onAction={() =>
        tellFailure(async () => {
          await Clipboard.copy(await wholeText());
          await showHUD("Copied the text");
        })
      }
    />
  );
  const recording = path !== null && existsSync(path) ? path : null;
  return (
    <ActionPanel>
      <ActionPanel.Section>{delivery === "copy" ? [copy, paste] : [paste, copy]}</ActionPanel.Section>
      <ActionPanel.Section>
        <ActionPanel.Submenu
          title="Export as…"
          icon={Icon.Download}
          shortcut={{ modifiers: ["cmd", "shift"], key: "e" }}
        >
          {exports.map(({ format, title }) => (
            <Action
              key={format}
              title={title}
              icon={Icon.Document}
              onAction={() => tellFailure(() => exportToFile({ id, format, name, recording }))}
            />
          ))}
        </ActionPanel.Submenu>
        {recording !== null && <Action.ShowInFinder title="Show Recording in Finder" path={recording} />}
        {recording !== null && (
          <Action.Push
            title="Transcribe Again…"
            icon={Icon.ArrowClockwise}
            shortcut={Keyboard.Shortcut.Common.Refresh}
            target={formFor([recording])}
          />
        )}
      </ActionPanel.Section>
      {children}
    </ActionPanel>
  );
}

/** Beside the recording if its path is known, otherwise in Downloads. */
async function exportToFile(request: { id: string; format: SavedFormat; name: string; recording: string | null }) {
  const { id, format, name, recording } = request;
  const folder = recording === null ? join(userHome(), "Downloads") : dirname(recording);
  const path = await saveTranscript({ jobId: id, format, folder, name });
  await showToast({ style: Toast.Style.Success, title: "Exported", message: path });
  await showInFinder(path);
}
