import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../settings/sync-folder.ts';
import { openRegular } from './found-recording.ts';
import { giveName } from './give-name.ts';

const comparedBytes = 1024 * 1024;

export interface WholeFile {
  readonly path: string;
  /** The recording that it is made of. */
  readonly recording: string;
  /** Permissions; by default those of any new file. */
  readonly mode?: number;
  /** Makes the new file at a path; the default makes an empty one. @throws EEXIST */
  readonly begin?: (path: string) => Promise<FileHandle>;
  /** Writes its content. */
  readonly fill: (file: FileHandle) => Promise<void>;
}

/**
 * Writes a new file, whole or not at all, and replaces none. On the disk, with its name, when this resolves.
 * @throws EEXIST for a file that has this name already and another content, and what writing throws
 */
export async function writeWhole({ path, recording, mode, begin, fill }: WholeFile): Promise<void> {
  // The same each time, so that a daemon that was killed leaves nothing behind for good; and each recording's own, since two
  // of one name may end at once. Nobody else has files of this name.
  const name = createHash('sha256').update(`${path}\0${recording}`).digest('hex').slice(0, 16);
  const unfinished = join(dirname(path), `.hearth-${name}.part`);
  const made = await mkdir(dirname(path), { recursive: true });
  try {
    // In a folder that others may write to, a link of that name could lead anywhere.
    await rm(unfinished, { force: true });
    const file = await (begin?.(unfinished) ?? open(unfinished, 'wx', mode));
    try {
      await fill(file);
      await file.datasync();
    } finally {
      await file.close();
    }
    await giveName(unfinished, path).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await isCopy(unfinished, path))) throw error;
    });
    await syncFolder(dirname(path), made);
  } finally {
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

/** Compared to the last byte, since one of the two may be deleted then. */
export async function isCopy(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([openRegular(left), openRegular(right)]);
  try {
    return await hasSameContent(one, other);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

/** As `isCopy`, of files that are open. */
export async function hasSameContent(one: FileHandle, other: FileHandle): Promise<boolean> {
  if ((await one.stat()).size !== (await other.stat()).size) return false;
  const chunks = [Buffer.alloc(comparedBytes), Buffer.alloc(comparedBytes)] as const;
  for (let position = 0; ; ) {
    const [read, { bytesRead }] = await Promise.all([
      one.read(chunks[0], 0, comparedBytes, position),
      other.read(chunks[1], 0, comparedBytes, position),
    ]);
    if (read.bytesRead !== bytesRead) return false;
    if (bytesRead === 0) return true;
    if (!chunks[0].subarray(0, bytesRead).equals(chunks[1].subarray(0, bytesRead))) return false;
    position += bytesRead;
  }
}
