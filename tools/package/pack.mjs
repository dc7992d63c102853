import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, lstat, readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { create } from 'tar';

/**
 * Packs a folder so that the same files give the same bytes on any machine: sorted, without owners and times, and only
 * with the two relevant modes. Returns the archive's SHA-256.
 */
export async function packFolder({ folder, archive, level = 6 }) {
  const entries = (await listEntries(folder)).map((path) => relative(dirname(folder), path)).sort();
  const packed = create({ cwd: dirname(folder), portable: true, mtime: new Date(0), noDirRecurse: true }, entries);
  await pipeline(packed, createGzip({ level }), createWriteStream(archive));
  const hash = createHash('sha256');
  await pipeline(createReadStream(archive), hash);
  return hash.digest('hex');
}

/** Lists every file, link and folder, with modes as under the usual umask. */
async function listEntries(folder) {
  const found = [folder];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    found.push(path);
    if (entry.isSymbolicLink()) continue;
    const { mode } = await lstat(path);
    await chmod(path, entry.isDirectory() || mode & 0o100 ? 0o755 : 0o644);
  }
  return found;
}
