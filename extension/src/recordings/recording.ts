import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { DaemonError } from "../daemon/daemon-error";

/** What is transcribed: bytes under a name, and where the daemon might find them itself. */
export interface Recording {
  name: string;
  /** Null where the daemon must be sent the bytes. */
  path: string | null;
  /** Opened when the bytes are needed, and streamed: recordings are larger than this process may be. */
  open(): Promise<{ audio: Readable; byteCount: number }>;
}

export function fileRecording(path: string): Recording {
  return { name: basename(path), path, open: () => openFile(path) };
}

/** @throws DaemonError `FILE_NOT_FOUND`, `FILE_NOT_READABLE` */
async function openFile(path: string): Promise<{ audio: Readable; byteCount: number }> {
  try {
    const { size } = await stat(path);
    const audio = createReadStream(path);
    await new Promise((resolve, reject) => audio.once("open", resolve).once("error", reject));
    return { audio, byteCount: size };
  } catch (cause) {
    throw fileError(path, cause);
  }
}

function fileError(path: string, cause: unknown): DaemonError {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    return new DaemonError("FILE_NOT_FOUND", `${basename(path)} is not there any more.`, { cause });
  }
  return new DaemonError("FILE_NOT_READABLE", `Raycast may not read ${basename(path)} (${code}).`, {
    hint: "Allow Raycast in System Settings ▸ Privacy & Security ▸ Files and Folders.",
    cause,
  });
}
