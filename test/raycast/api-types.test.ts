import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { extensionFolder } from './store/ray.ts';

test('the extension’s types are those of docs/openapi.json; `npm run generate` writes them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hearth-types-'));
  const path = join(folder, 'api.d.ts');
  await promisify(execFile)(process.execPath, [join(extensionFolder, 'generate-api-types.mjs'), path]);
  const committed = await readFile(join(extensionFolder, 'src', 'daemon', 'api.d.ts'), 'utf8');
  expect(committed).toBe(await readFile(path, 'utf8'));
  await rm(folder, { recursive: true });
});
