import { basename } from "node:path";
import { ReactNode, useEffect, useRef, useState } from "react";
import { Action, ActionPanel, Detail, Icon, List, Toast } from "@raycast/api";
import { TranscriptionOptions } from "../daemon/transcription-options";
import { exportTranscript } from "../daemon/history";
import { BatchItem, startedAnew } from "../transcribe/batch";
import { describeSilent, isSilent } from "../transcribe/silent-items";
import { describeProgress, describeSeconds } from "../transcribe/progress";
import { saveAllBeside } from "../transcribe/save-all-beside";
import { SavedFormat } from "../transcribe/save-transcript";
import { transcribeWithToast } from "../transcribe/transcribe-with-toast";
import { languageName } from "../settings/languages";
import { batchIcon } from "./batch-icon";
import { OpenPreferences } from "./OpenPreferences";
import { textMarkdown } from "./text-markdown";
import { TranscriptActions } from "./TranscriptActions";

export interface TranscriptionsViewProps {
  items: BatchItem[];
  options?: TranscriptionOptions;
  format?: SavedFormat;
  saveBeside?: boolean;
  /** What was left out of a folder, for the toast; empty if nothing was. */
  leftOut?: string;
  /** The form that Transcribe Again opens. */
  formFor: (files: string[]) => ReactNode;
}

/** Running transcriptions, and their texts when they are done. Closing the view does not affect the jobs. */
export function TranscriptionsView(props: TranscriptionsViewProps) {
  const { items, isRunning, formatted, runAgain } = useTranscriptions(props);
  const { formFor } = props;
  const [first] = items;
  if (items.length === 1 && first !== undefined) {
    return (
      <Detail
        navigationTitle={first.name}
        isLoading={isRunning}
        markdown={markdownOf(first, formatted)}
        metadata={<ItemMetadata item={first} />}
        actions={<ItemActions item={first} formatted={formatted} formFor={formFor} onRetry={runAgain} />}
      />
    );
  }
  return (
    <List isLoading={isRunning} isShowingDetail navigationTitle={`${items.length} Recordings`}>
      {items.map((item, index) => (
        <List.Item
          key={index}
          title={item.name}
          icon={batchIcon(item)}
          accessories={[{ text: item.state === "unfinished" ? describeProgress(item.progress) : "" }]}
          detail={<List.Item.Detail markdown={markdownOf(item, null)} />}
          actions={<ItemActions item={item} formatted={null} formFor={formFor} onRetry={runAgain} />}
        />
      ))}
    </List>
  );
}

function useTranscriptions({
  items: given,
  options = {},
  format = "txt",
  saveBeside = false,
  leftOut = "",
}: TranscriptionsViewProps) {
  const [items, setItems] = useState(given);
  const [isRunning, setIsRunning] = useState(true);
  const [formatted, setFormatted] = useState<string | null>(null);
  const latest = useRef(given);

  async function run() {
    setIsRunning(true);
    const { items: ended, toast } = await transcribeWithToast({
      items: latest.current,
      options,
      priority: given.length === 1 ? "interactive" : "bulk",
      leftOut,
      onChange: (changed) => {
        latest.current = changed;
        setItems(changed);
      },
    });
    latest.current = ended;
    setItems(ended);
    const [first] = ended;
    // A document for Word can only be saved.
    const isShown = format !== "txt" && format !== "docx";
    if (isShown && ended.length === 1 && first?.state === "done" && first.jobId !== null) {
      setFormatted(await exportTranscript(first.jobId, format).catch(() => null));
    }
    setIsRunning(false);
    const saved = saveBeside ? await saveAllBeside({ items: ended, format, toast }) : [];
    const silent = ended.filter(isSilent);
    const isSaved = !saveBeside || saved.length === ended.length - silent.length;
    if (ended.some(({ state }) => state !== "done") || !isSaved) return;
    toast.style = Toast.Style.Success;
    toast.title = ended.length === 1 ? `Transcribed ${first?.name}` : `Transcribed ${ended.length} recordings`;
    const names = saved.map((path) => basename(path)).join(", ");
    const tells = [names === "" ? "" : `Saved ${names}.`, describeSilent(silent), leftOut];
    toast.message = tells.filter(Boolean).join(" ") || undefined;
  }

  function runAgain(): void {
    latest.current = latest.current.map((item) => (item.state === "done" ? item : startedAnew(item)));
    void run();
  }

  useEffect(() => {
    void run();
  }, []);
  return { items, isRunning, formatted, runAgain };
}

interface ItemActionsProps {
  item: BatchItem;
  formatted: string | null;
  formFor: (files: string[]) => ReactNode;
  onRetry: () => void;
}

function ItemActions({ item, formatted, formFor, onRetry }: ItemActionsProps) {
  const { state, jobId, name, path, finished } = item;
  if (state === "done" && jobId !== null && finished !== null) {
    const text = formatted ?? finished.text;
    return <TranscriptActions id={jobId} name={name} path={path} text={text} formFor={formFor} />;
  }
  if (state === "unfinished" || item.recording === null) return undefined;
  return (
    <ActionPanel>
      <Action title="Try Again" icon={Icon.ArrowClockwise} onAction={onRetry} />
      <OpenPreferences />
    </ActionPanel>
  );
}

function ItemMetadata({ item: { progress, state, finished, path } }: { item: BatchItem }) {
  return (
    <Detail.Metadata>
      {state === "unfinished" && <Detail.Metadata.Label title="Progress" text={describeProgress(progress)} />}
      {finished !== null && <Detail.Metadata.Label title="Language" text={languageName(finished.language)} />}
      {finished !== null && <Detail.Metadata.Label title="Duration" text={describeSeconds(finished.durationSeconds)} />}
      {path !== null && <Detail.Metadata.Label title="Recording" text={path} />}
    </Detail.Metadata>
  );
}

function markdownOf({ state, progress, finished, error }: BatchItem, formatted: string | null): string {
  if (finished !== null) {
    if (formatted !== null) return `\`\`\`\n${formatted}\n\`\`\``;
    return finished.text === "" ? "*No speech was found.*" : textMarkdown(finished.text);
  }
  const soFar = textMarkdown(progress.text.trim());
  if (state === "failed") return `${soFar}\n\n**${error?.message}** ${error?.hint}`;
  if (state === "cancelled") return `${soFar}\n\n*Cancelled.*`;
  const partial = progress.partialText.trim();
  return partial === "" ? soFar : `${soFar} *${textMarkdown(partial)}*`;
}
