import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of one run of the tests, all processes of it; jest.config.mjs names it. */
const folder = process.env['HEARTH_TEST_FEATURES'] ?? null;

/** What the encoder makes of a window can be left for other processes. */
export const featuresAreStored = folder !== null;

/** What the encoder made of a window in any process of this run; null if none did yet. */
export async function readStoredFeatures(window: string): Promise<Float32Array | null> {
  const bytes = folder === null ? null : await readFile(join(folder, window)).catch(() => null);
  return bytes && new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** A full disk costs time only. */
export async function storeFeatures(window: string, features: Float32Array): Promise<void> {
  if (folder === null) return;
  const path = join(folder, `${randomUUID()}.new`);
  await mkdir(folder, { recursive: true })
    .then(() => writeFile(path, features))
    .then(() => rename(path, join(folder, window)))
    .catch(() => undefined);
}
