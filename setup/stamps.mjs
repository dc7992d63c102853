import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Stores, per step, the lists of pinned packages with which it last succeeded. */
export function openStamps(folder) {
  const stampPath = (name) => join(folder, `${name}.stamp`);
  return {
    /** True if the step ran with these lists and its output still exists. */
    async isCurrent({ name, pinnedBy, outputs }) {
      const stamped = await readFile(stampPath(name), 'utf8').catch(() => null);
      return stamped === (await readAll(pinnedBy)) && outputs.every((path) => existsSync(path));
    },
    async write({ name, pinnedBy }) {
      await writeAtomically(stampPath(name), await readAll(pinnedBy));
    },
    async remove(name) {
      await rm(stampPath(name), { force: true });
    },
  };
}

async function readAll(paths) {
  return (await Promise.all(paths.map((path) => readFile(path, 'utf8')))).join('');
}

/** A reader sees the old content or the new, never a mix. */
export async function writeAtomically(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const temporaryPath = `${path}.${process.pid}`;
  await writeFile(temporaryPath, content);
  await rename(temporaryPath, path);
}
