import { mkdir, mkdtemp, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environment } from "@raycast/api";
import { isRecording } from "./background-recorder";

/** A dictation that goes on without a window. Its folder is there from the press that begins it to its text. */
export interface RunningDictation {
  folder: string;
  /** The recording. */
  path: string;
  /** Name of the recorder. */
  program: string;
}

// Who transcribes says every second that they still do.
const signOfLifeMs = 1000;
const silentForMs = 5000;

/** Begins a dictation that has no recorder yet; null if one is running. */
export async function claimDictation(dictation: { path: string; program: string }): Promise<RunningDictation | null> {
  const folder = runningFolder();
  await mkdir(environment.supportPath, { recursive: true });
  const draft = await mkdtemp(`${folder}-`);
  await writeFile(join(draft, "dictation.json"), JSON.stringify(dictation));
  try {
    // Of two at once, one finds a folder that is not empty.
    await rename(draft, folder);
    return { folder, ...dictation };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

/** The dictation that has begun and whose text has not been written, whether it is recorded or not; null if none is. */
export async function findRunningDictation(): Promise<RunningDictation | null> {
  const folder = runningFolder();
  try {
    const { path, program } = JSON.parse(await readFile(join(folder, "dictation.json"), "utf8")) as RunningDictation;
    return { folder, path, program };
  } catch {
    return null;
  }
}

/** The recording that is being made, or made into text, which nobody else may touch; null if there is none. */
export async function recordingInUse(): Promise<string | null> {
  const running = await findRunningDictation();
  if (running === null) return null;
  const isInUse = (await isRecording(running.folder)) || (await isClaimed(running));
  return isInUse ? running.path : null;
}

/** Takes it on oneself to make text of a dictation; null if somebody else is at it. Returns what ends the claim. */
export async function claimEnd(dictation: RunningDictation): Promise<(() => void) | null> {
  const claim = claimOf(dictation);
  const isFirst = await mkdir(claim).then(
    () => true,
    () => false,
  );
  if (!isFirst && (await isClaimed(dictation))) return null;
  const sign = () => void utimes(claim, new Date(), new Date()).catch(() => undefined);
  sign();
  const timer = setInterval(sign, signOfLifeMs);
  return () => clearInterval(timer);
}

/** Makes room for the next dictation. Its recording stays. */
export async function forgetDictation({ folder }: RunningDictation): Promise<void> {
  // Whoever looks meanwhile sees all of it or nothing.
  const gone = await mkdtemp(`${folder}-`);
  await rename(folder, gone).catch(() => undefined);
  await rm(gone, { recursive: true, force: true });
}

/** Notes that its person knows that it is recorded. */
export async function noteBegun({ folder }: RunningDictation): Promise<void> {
  await writeFile(join(folder, "begun"), "");
}

/** When its person came to know that it is recorded; null if that has not been noted. */
export async function begunAtMs({ folder }: RunningDictation): Promise<number | null> {
  return stat(join(folder, "begun")).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
}

async function isClaimed(dictation: RunningDictation): Promise<boolean> {
  const { mtimeMs } = await stat(claimOf(dictation)).catch(() => ({ mtimeMs: 0 }));
  return Date.now() - mtimeMs < silentForMs;
}

function claimOf({ folder }: RunningDictation): string {
  return join(folder, "transcribing");
}

function runningFolder(): string {
  return join(environment.supportPath, "running-dictation");
}
