import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a finished folder in the place of an older one; interrupted at any point, the place holds one of the two or none. */
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
