import { isUtf8 } from 'node:buffer';
import { constants, type Dirent, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { visibleName } from '../../errors/visible-name.ts';
import { isRecording, nameInCloud } from '../../protocol/is-recording.ts';
import type { WatchRules } from '../../protocol/watched-folders.ts';
import { refuseLocked } from '../../settings/locked-files.ts';

/** A recording as it lies in a watched folder. */
export interface FoundRecording {
  readonly path: string;
  /** Stays the same when the file is renamed, and is no other file's later. */
  readonly node: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** When anything of the file was changed last: programs can set the other time, but not this one. */
  readonly ctimeMs: number;
  /** Whether its bytes are in the cloud alone: reading it would download it. */
  readonly isDataless: boolean;
}

/** Hears of more than recordings. */
export interface OnFound {
  /** A folder that was looked into. */
  readonly folder?: (path: string) => void;
  /** A recording or a folder whose name is not UTF-8: by its name nothing is found, or another file. */
  readonly wrongName?: (shown: string) => void;
}

/** Every recording in a folder. @throws what reading the folder itself throws */
export async function* findRecordings(
  { path, recursive, endings }: Pick<WatchRules, 'path' | 'recursive' | 'endings'>,
  onFound: OnFound = {},
): AsyncGenerator<FoundRecording> {
  onFound.folder?.(path);
  for await (const entry of await openNames(path)) {
    const name = entry.name.toString();
    const place = join(path, name);
    const isFolder = entry.isDirectory();
    const inCloud = nameInCloud(name);
    const isWanted = isFolder ? recursive && !name.startsWith('.') : isRecording(inCloud ?? name, endings);
    if (!isWanted) continue;
    if (!isUtf8(entry.name)) {
      onFound.wrongName?.(join(path, visibleName(entry.name)));
      continue;
    }
    if (isFolder) {
      yield* inFolderBelow({ path: place, recursive, endings }, onFound);
      continue;
    }
    // It may have been moved since. A link could lead to a file that whoever put it there may not read.
    const found = await lstat(place).catch(() => null);
    if (found?.isFile() === true) yield { ...describe(place, found), ...(inCloud !== null && { isDataless: true }) };
  }
}

/** Node's types know only names that are text. */
async function openNames(path: string): Promise<AsyncIterable<Dirent<Buffer>>> {
  return (await opendir(path, { encoding: 'buffer' as BufferEncoding })) as unknown as AsyncIterable<Dirent<Buffer>>;
}

/** One that went away or may not be read does not hide the others. */
async function* inFolderBelow(
  rules: Pick<WatchRules, 'path' | 'recursive' | 'endings'>,
  onFound: OnFound,
): AsyncGenerator<FoundRecording> {
  try {
    yield* findRecordings(rules, onFound);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
  }
}

/** Which file it is, whatever its name. */
export function nodeOf({ ino, birthtimeMs }: Stats): string {
  return `${ino}:${birthtimeMs}`;
}

/** Of macOS's dataless files, a program sees that they take no blocks. */
function describe(path: string, status: Stats): FoundRecording {
  const { size, mtimeMs, ctimeMs, blocks } = status;
  return { path, node: nodeOf(status), size, mtimeMs, ctimeMs, isDataless: size > 0 && blocks === 0 };
}

/** No link in place of the file is followed. */
export async function openRegular(path: string): Promise<FileHandle> {
  await refuseLocked(path);
  return requireRegular(await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK), path);
}

/** A pipe is not waited for: it would hold a thread that all files need. */
export async function requireRegular(file: FileHandle, path: string): Promise<FileHandle> {
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw Object.assign(new Error(`Expected a file at ${path}, got something else.`), {
    code: 'EINVAL',
    syscall: 'open',
  });
}
