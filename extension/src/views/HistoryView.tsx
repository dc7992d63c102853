import { useEffect, useRef, useState } from "react";
import { Icon, List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { exportTranscript, listHistory } from "../daemon/history";
import { listUnfinishedJobs } from "../daemon/jobs";
import { readRecordingPaths } from "../recordings/known-recordings";
import { HistoryItem } from "./HistoryItem";
import { JobItem } from "./JobItem";
import { NoDaemon } from "./NoDaemon";
import { TranscribeForm } from "./TranscribeForm";

const pageSize = 50;
const refreshMs = 1000;

const formFor = (files: string[]) => <TranscribeForm files={files} />;

/** Running jobs and past transcripts, with search. */
export function HistoryView() {
  const [query, setQuery] = useState("");
  const [selectedId, setSelectedId] = useState<string | null>(null);
  const paths = usePromise(readRecordingPaths).data ?? {};
  const jobs = usePromise(listUnfinishedJobs, [], quietly);
  const history = usePromise(
    (words: string) =>
      async ({ cursor }: { cursor?: number }) => {
        const { entries, nextBefore } = await listHistory({ query: words, limit: pageSize, before: cursor ?? null });
        return { data: entries, hasMore: nextBefore !== null, cursor: nextBefore ?? undefined };
      },
    [query],
    quietly,
  );
  const entries = history.data ?? [];
  const runningCount = (jobs.data ?? []).length;
  const lastCount = useRef(0);
  useEffect(() => {
    // A job that has ended is in the history.
    if (runningCount < lastCount.current) history.revalidate();
    lastCount.current = runningCount;
    if (runningCount === 0) return undefined;
    const timer = setInterval(jobs.revalidate, refreshMs);
    return () => clearInterval(timer);
  }, [runningCount]);
  const selected = entries.find(({ id }) => id === selectedId);
  const text = usePromise((id: string) => exportTranscript(id, "txt"), [selected?.id ?? ""], {
    ...quietly,
    execute: selected !== undefined,
  });
  const refresh = () => {
    jobs.revalidate();
    history.revalidate();
  };

  return (
    <List
      isLoading={history.isLoading}
      isShowingDetail={entries.length > 0 || runningCount > 0}
      searchBarPlaceholder="Search the words of transcripts"
      onSearchTextChange={setQuery}
      onSelectionChange={setSelectedId}
      pagination={history.pagination}
      throttle
    >
      {history.error !== undefined ? (
        <NoDaemon error={history.error} onStarted={refresh} />
      ) : (
        <NothingThere query={query} />
      )}
      {query === "" && (
        <List.Section title="Running">
          {(jobs.data ?? []).map((job) => (
            <JobItem key={job.id} job={job} path={paths[job.id] ?? null} formFor={formFor} onChange={refresh} />
          ))}
        </List.Section>
      )}
      <List.Section title={query === "" ? "Past" : "Found"}>
        {entries.map((entry) => (
          <HistoryItem
            key={entry.id}
            entry={entry}
            path={paths[entry.id] ?? null}
            text={entry.id === selected?.id ? text.data : undefined}
            formFor={formFor}
            onDelete={refresh}
          />
        ))}
      </List.Section>
    </List>
  );
}

/** The list itself shows the error, so no toast is needed. */
const quietly = { onError: () => undefined };

function NothingThere({ query }: { query: string }) {
  if (query !== "") return <List.EmptyView icon={Icon.MagnifyingGlass} title={`No transcript contains “${query}”`} />;
  return (
    <List.EmptyView
      icon={Icon.Waveform}
      title="No transcripts yet"
      description="Transcribe a file or dictate something."
    />
  );
}
