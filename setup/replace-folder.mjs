import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Replaces a folder with a finished one. If it is interrupted, either of them or neither is there. */
export async function replaceFolder({ finished, place }) {
  const old = `${place}.old`;
  await mkdir(dirname(place), { recursive: true });
  await rm(old, { recursive: true, force: true });
  await rename(place, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(finished, place);
  await rm(old, { recursive: true, force: true });
}
