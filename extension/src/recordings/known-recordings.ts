import { LocalStorage } from "@raycast/api";
import { Recording } from "./recording";

const key = "recordings";
const maxCount = 1000;

/** Stores the path of a job's recording, so that it can be shown and transcribed again. The daemon does not know it. */
export async function rememberRecording(jobId: string, { path }: Recording): Promise<void> {
  if (path === null) return;
  const known = Object.entries(await readRecordingPaths()).slice(1 - maxCount);
  await LocalStorage.setItem(key, JSON.stringify(Object.fromEntries([...known, [jobId, path]])));
}

/** Paths of recordings by job. Empty if they cannot be read. */
export async function readRecordingPaths(): Promise<Record<string, string>> {
  try {
    return JSON.parse((await LocalStorage.getItem<string>(key)) ?? "{}") as Record<string, string>;
  } catch {
    return {};
  }
}
