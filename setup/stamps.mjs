import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Remembers, per step, the hash of the inputs it last succeeded with. */
export function openStamps(folder) {
  const stampPath = (name) => join(folder, `${name}.stamp`);
  return {
    /** True when the step ran with these inputs and what it made is still there. */
    async isCurrent({ name, inputs, outputs }) {
      const stamped = await readFile(stampPath(name), 'utf8').catch(() => null);
      return stamped === inputs && outputs.every((path) => existsSync(path));
    },
    async write({ name, inputs }) {
      await writeAtomically(stampPath(name), inputs);
    },
    async remove(name) {
      await rm(stampPath(name), { force: true });
    },
  };
}

/** A reader sees the old content or the new, never half of it. */
export async function writeAtomically(path, content) {
  await mkdir(dirname(path), { recursive: true });
  const temporaryPath = `${path}.${process.pid}`;
  await writeFile(temporaryPath, content);
  await rename(temporaryPath, path);
}
