import { mkdirSync } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "@raycast/api";
import { recordedPart } from "./recorded-part";
import { recordingInUse } from "./running-dictation";

export interface UnfinishedDictation {
  path: string;
  durationSeconds: number;
  recordedAt: Date;
}

/** Shorter ones are accidents. */
export const minSeconds = 1;

/** The path of the next dictation. The file stays until its text has been pasted or copied. */
export function newDictationPath(): string {
  mkdirSync(dictationsFolder(), { recursive: true, mode: 0o700 });
  return join(dictationsFolder(), `${new Date().toISOString().replaceAll(":", "-")}.wav`);
}

/** The latest dictation that was not finished, for example because the window was closed; null if there is none. */
export async function findUnfinishedDictation(): Promise<UnfinishedDictation | null> {
  const inUse = await recordingInUse();
  const names = (await readdir(dictationsFolder()).catch(() => [])).filter((name) => name.endsWith(".wav"));
  for (const name of names.sort().reverse()) {
    const path = join(dictationsFolder(), name);
    if (path === inUse) continue;
    const part = await recordedPart(path).catch(() => null);
    if (part !== null && part.durationSeconds >= minSeconds) {
      return { path, durationSeconds: part.durationSeconds, recordedAt: (await stat(path)).mtime };
    }
    await rm(path, { force: true });
  }
  return null;
}

function dictationsFolder(): string {
  return join(environment.supportPath, "dictations");
}
