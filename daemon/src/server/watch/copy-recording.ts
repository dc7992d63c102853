import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, type Stats } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { hasSameContent, type WholeFile } from './write-whole.ts';

const copiedBytes = 1024 * 1024;
const isMac = process.platform === 'darwin';

/**
 * How an open recording is written as a whole file on another disk, with what belongs to it beside its sound: times,
 * permissions, and extended attributes where the disk has them.
 */
export function copyOf(from: string, recording: FileHandle, status: Stats): Pick<WholeFile, 'begin' | 'fill'> {
  if (!isMac) {
    const fill = async (file: FileHandle) => {
      await copySound(recording, file);
      await copyFacts(recording, file, status);
    };
    return { fill };
  }
  return {
    // The system's own copy has all of it, also what Finder adds; Node has no other way to extended attributes.
    async begin(path) {
      await copyFile(from, path, constants.COPYFILE_EXCL);
      return open(path, constants.O_RDWR | constants.O_NOFOLLOW);
    },
    async fill(file) {
      // Something may have taken the place of the recording.
      if (!(await hasSameContent(recording, file)))
        throw Object.assign(new Error(`${from} changed.`), { code: 'EBUSY' });
      await setFacts(file, status);
    },
  };
}

async function copySound(recording: FileHandle, file: FileHandle): Promise<void> {
  const chunk = Buffer.alloc(copiedBytes);
  for (;;) {
    const { bytesRead } = await recording.read(chunk);
    if (bytesRead === 0) return;
    await file.writeFile(chunk.subarray(0, bytesRead));
  }
}

/** GNU's cp knows extended attributes; where it is missing or another one, the rest is kept. */
async function copyFacts(recording: FileHandle, file: FileHandle, status: Stats): Promise<void> {
  // By their descriptors: what has the names now may be something else.
  const words = ['--attributes-only', '--preserve=mode,timestamps,xattr', '/proc/self/fd/3', '/proc/self/fd/4'];
  const cp = spawn('cp', words, { stdio: ['ignore', 'ignore', 'ignore', recording.fd, file.fd] });
  const [code] = await once(cp, 'close').catch(() => [null]);
  if (code !== 0) await setFacts(file, status);
}

async function setFacts(file: FileHandle, { mode, atime, mtime }: Stats): Promise<void> {
  // Some disks have no permissions.
  await file.chmod(mode & 0o777).catch(() => undefined);
  await file.utimes(atime, mtime);
}
