import { randomUUID } from "node:crypto";
import { access, constants, copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { spoolFolder } from "./socket-path";

/**
 * Clones a recording into the daemon's spool. No bytes move, and the daemon needs no access to the recording's folder,
 * for which macOS would ask. Returns null if that is not possible: another volume, a disk without clones, or a daemon
 * that never ran.
 */
export async function cloneIntoSpool(path: string): Promise<string | null> {
  const clone = join(spoolFolder(), randomUUID());
  try {
    // A clone of a locked file is locked too, and the daemon could not delete it.
    await access(path, constants.W_OK);
    await copyFile(path, clone, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    return clone;
  } catch {
    await removeClone(clone);
    return null;
  }
}

/** A file that cannot be removed now is removed when the daemon next starts. */
export async function removeClone(clone: string): Promise<void> {
  await rm(clone, { force: true }).catch(() => undefined);
}
