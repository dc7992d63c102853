import { createReadStream, Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { DaemonError } from "../daemon/daemon-error";

/** What is transcribed: bytes with a name, and the file they are in. */
export interface Recording {
  name: string;
  /** Null if it is not a whole file. */
  path: string | null;
  /** Opened when the bytes are needed, and streamed: a recording may be larger than this process's memory. */
  open(): Promise<{ audio: Readable; byteCount: number }>;
}

export function fileRecording(path: string): Recording {
  return { name: basename(path), path, open: () => openFile(path) };
}

/** @throws DaemonError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `FILE_NOT_REGULAR` */
async function openFile(path: string): Promise<{ audio: Readable; byteCount: number }> {
  try {
    const status = await stat(path);
    // Opening a pipe would wait for its other end.
    if (!status.isFile()) throw notAFile(path, status);
    const { size } = status;
    // If the file grows meanwhile, reading stops at its present end.
    const audio = createReadStream(path, { end: Math.max(0, size - 1) });
    await new Promise((resolve, reject) => audio.once("open", resolve).once("error", reject));
    return { audio, byteCount: size };
  } catch (cause) {
    throw fileError(path, cause);
  }
}

function notAFile(path: string, status: Stats): DaemonError {
  const kind = status.isDirectory() ? "a folder" : "not a file";
  return new DaemonError("FILE_NOT_REGULAR", `${basename(path)} is ${kind}.`, { hint: "Choose a recording." });
}

function fileError(path: string, cause: unknown): DaemonError {
  if (cause instanceof DaemonError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    return new DaemonError("FILE_NOT_FOUND", `${basename(path)} no longer exists.`, { cause });
  }
  return new DaemonError("FILE_NOT_READABLE", `Raycast cannot read ${basename(path)} (${code}).`, {
    hint: "Allow Raycast in System Settings ▸ Privacy & Security ▸ Files and Folders.",
    cause,
  });
}
