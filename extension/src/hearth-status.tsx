import { Clipboard, Icon, launchCommand, LaunchType, MenuBarExtra, showHUD } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { Health, HistoryEntry, JobSummary } from "./daemon/api";
import { exportTranscript, listHistory } from "./daemon/history";
import { cancelJobAndWait, listUnfinishedJobs } from "./daemon/jobs";
import { readHealth } from "./daemon/read-health";
import { describeJob } from "./transcribe/describe-job";
import { formatPercent } from "./transcribe/progress";
import { startHearth } from "./start/start-hearth";

const recentCount = 5;

export default function HearthStatus() {
  const { data, isLoading, revalidate } = usePromise(readStatus);
  const jobs = data?.jobs ?? [];
  return (
    <MenuBarExtra
      icon={{ source: "menu-bar.svg" }}
      title={jobs.length === 0 ? undefined : describeJob(jobs[0] as JobSummary)}
      tooltip="Hearth"
      isLoading={isLoading}
    >
      {data === undefined ? null : data.health === null ? (
        <MenuBarExtra.Section>
          <MenuBarExtra.Item title="Hearth is not running" />
          <MenuBarExtra.Item title="Start Hearth" icon={Icon.Power} onAction={() => start().then(revalidate)} />
        </MenuBarExtra.Section>
      ) : (
        <MenuBarExtra.Item title={describeHealth(data.health)} />
      )}
      {jobs.length > 0 && (
        <MenuBarExtra.Section title="Running">
          {jobs.map((job) => (
            <MenuBarExtra.Submenu key={job.id} title={`${job.name ?? "Recording"} · ${describeJob(job)}`}>
              <MenuBarExtra.Item title="Follow" icon={Icon.Eye} onAction={() => open("transcription-history")} />
              <MenuBarExtra.Item
                title="Cancel"
                icon={Icon.XMarkCircle}
                onAction={() => orTell(() => cancelJobAndWait(job.id)).then(revalidate)}
              />
            </MenuBarExtra.Submenu>
          ))}
        </MenuBarExtra.Section>
      )}
      {(data?.recent ?? []).length > 0 && (
        <MenuBarExtra.Section title="Copy Recent Text">
          {data?.recent.map(({ id, excerpt }) => (
            <MenuBarExtra.Item key={id} title={shorten(excerpt)} icon={Icon.CopyClipboard} onAction={() => copy(id)} />
          ))}
        </MenuBarExtra.Section>
      )}
      <MenuBarExtra.Section>
        <MenuBarExtra.Item title="Dictate" icon={Icon.Microphone} onAction={() => open("dictate")} />
        <MenuBarExtra.Item title="Transcribe File…" icon={Icon.Waveform} onAction={() => open("transcribe-file")} />
        <MenuBarExtra.Item title="Search Transcripts" icon={Icon.List} onAction={() => open("transcription-history")} />
      </MenuBarExtra.Section>
    </MenuBarExtra>
  );
}

interface Status {
  /** Null if no daemon answers. */
  health: Health | null;
  jobs: JobSummary[];
  recent: HistoryEntry[];
}

async function readStatus(): Promise<Status> {
  const health = await readHealth().catch(() => null);
  if (health === null) return { health, jobs: [], recent: [] };
  const [jobs, recent] = await Promise.all([
    listUnfinishedJobs().catch(() => []),
    listHistory({ query: "", limit: recentCount })
      .then(({ entries }) => entries)
      .catch(() => []),
  ]);
  return { health, jobs, recent };
}

function describeHealth({ status, engine }: Health): string {
  if (status === "stopping" || engine.status === "stopped") return "Stopping";
  if (engine.status === "ready") return `Ready · ${engine.model ?? "no model"}`;
  // The model was unloaded to save memory; the next recording loads it.
  if (engine.status === "unloaded") return "Idle";
  if (engine.status === "failed") return engine.lastError?.message ?? "The engine failed";
  return engine.loadingProgress === null ? "Getting ready" : `Getting ready ${formatPercent(engine.loadingProgress)}`;
}

function shorten(text: string): string {
  const trimmed = text.trim().replace(/\s+/g, " ");
  return trimmed.length > 50 ? `${trimmed.slice(0, 49)}…` : trimmed || "No speech";
}

async function start(): Promise<void> {
  await orTell(async () => {
    await startHearth();
    await showHUD("Hearth is running");
  });
}

async function copy(id: string): Promise<void> {
  await orTell(async () => {
    await Clipboard.copy((await exportTranscript(id, "txt")).trim());
    await showHUD("Copied the text");
  });
}

function open(name: string): Promise<void> {
  return launchCommand({ name, type: LaunchType.UserInitiated });
}

/** A menu cannot show toasts. */
async function orTell(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await showHUD((error as Error).message);
  }
}
