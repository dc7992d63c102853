import { LocalStorage } from "@raycast/api";
import { Recording } from "./recording";

const key = "recordings";
const maxCount = 1000;

/** Remembers where a job's recording lies, which the daemon need not know, so that it can be shown and transcribed again. */
export async function rememberRecording(jobId: string, { path }: Recording): Promise<void> {
  if (path === null) return;
  const known = Object.entries(await readRecordingPaths()).slice(1 - maxCount);
  await LocalStorage.setItem(key, JSON.stringify(Object.fromEntries([...known, [jobId, path]])));
}

/** Paths of recordings by job; what cannot be read counts as nothing known. */
export async function readRecordingPaths(): Promise<Record<string, string>> {
  try {
    return JSON.parse((await LocalStorage.getItem<string>(key)) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}
