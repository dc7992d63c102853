import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let folder: string;

/** A folder with Biome's settings of this repository. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-circles-'));
  const { $schema: _schema, vcs: _vcs, ...settings } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
  await writeFile(join(folder, 'biome.json'), JSON.stringify(settings));
});

afterEach(() => rm(folder, { recursive: true }));

async function lint(files: Record<string, string>) {
  for (const [path, source] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  const { status, stderr } = spawnSync(process.execPath, [biome, 'lint'], { cwd: folder, encoding: 'utf8' });
  return { status, isCircle: stderr.includes('noImportCycles') };
}

test.each(['launchd/src', 'extension/src', 'daemon/src/jobs', 'setup', 'tools', 'test/unit', 'bench'])(
  'a circle of imports in %s is refused, even one of types alone',
  async (place) => {
    const end = { [`${place}/b.ts`]: 'export interface B {\n  readonly b: number;\n}\n' };
    const start = "import type { B } from './b.ts';\nexport interface A {\n  readonly b: B;\n}\n";
    expect(await lint({ [`${place}/a.ts`]: start, ...end })).toEqual({ status: 0, isCircle: false });
    const back = "import type { A } from './a.ts';\nexport interface B {\n  readonly a: A;\n}\n";
    expect(await lint({ [`${place}/b.ts`]: back })).toEqual({ status: 1, isCircle: true });
  },
);
