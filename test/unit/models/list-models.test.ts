import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readHubCache } from '../../../daemon/src/models/hub-cache.ts';
import { listModels } from '../../../daemon/src/models/list-models.ts';

let downloadedModelsFolder: string;

beforeEach(async () => {
  downloadedModelsFolder = await mkdtemp(join(tmpdir(), 'hearth-models-'));
});

afterEach(() => rm(downloadedModelsFolder, { recursive: true }));

test('the embedded model is listed when nothing was ever downloaded', async () => {
  const models = await listModels(join(downloadedModelsFolder, 'missing'));
  expect(models.map((model) => model.name)).toEqual(['whisper-base-4bit']);
});

test('a downloaded model hides the embedded one of the same name', async () => {
  const folder = join(downloadedModelsFolder, 'whisper-base-4bit');
  await mkdir(folder);
  await writeFile(join(folder, 'config.json'), '{}');
  expect(await listModels(downloadedModelsFolder)).toEqual([{ name: 'whisper-base-4bit', folder }]);
});

test('folders that are not models are left out', async () => {
  await mkdir(join(downloadedModelsFolder, 'half-downloaded'));
  await writeFile(join(downloadedModelsFolder, 'notes.txt'), '');
  for (const name of ['pipe', 'folder']) await mkdir(join(downloadedModelsFolder, name));
  execFileSync('mkfifo', [join(downloadedModelsFolder, 'pipe', 'config.json')]);
  await mkdir(join(downloadedModelsFolder, 'folder', 'config.json'));
  const models = await listModels(downloadedModelsFolder);
  expect(models.map((model) => model.name)).toEqual(['whisper-base-4bit']);
});

/** What the Hub's cache holds for one pulled model, with a reference to its snapshot. */
async function pulledModel(name: string, reference = 'main'): Promise<string> {
  const repository = join(downloadedModelsFolder, 'hub', `models--owner--${name}`);
  const snapshot = join(repository, 'snapshots', 'c0ffee');
  await mkdir(snapshot, { recursive: true });
  await mkdir(join(repository, 'refs'));
  await writeFile(join(snapshot, 'config.json'), '{}');
  await writeFile(join(repository, 'refs', reference), 'c0ffee\n');
  return repository;
}

test.each([
  ['a folder among the references', (repository: string) => mkdir(join(repository, 'refs', 'pr'))],
  ['a link to itself', (repository: string) => symlink('a-loop', join(repository, 'refs', 'a-loop'))],
  ['a pipe', (repository: string) => void execFileSync('mkfifo', [join(repository, 'refs', 'a-pipe')])],
  ['an empty reference', (repository: string) => writeFile(join(repository, 'refs', 'empty'), '')],
  ['a reference that leaves the cache', (repository: string) => writeFile(join(repository, 'refs', 'a'), '../../..')],
  ['a reference to a snapshot that is gone', (repository: string) => writeFile(join(repository, 'refs', 'a'), 'beef')],
  ['a reference of 1 MB', (repository: string) => writeFile(join(repository, 'refs', 'a'), 'a'.repeat(1_000_000))],
])('%s hides no model', async (_, damage) => {
  const repository = await pulledModel('tiny');
  await damage(repository);
  expect(await listModels(downloadedModelsFolder)).toContainEqual({
    name: 'owner/tiny',
    folder: join(repository, 'snapshots', 'c0ffee'),
  });
});

test('a pulled model that cannot be used is named, and the others stay', async () => {
  await pulledModel('sound');
  const repository = await pulledModel('broken');
  await rm(join(repository, 'snapshots'), { recursive: true });
  await mkdir(join(downloadedModelsFolder, 'hub', 'models--owner--never-pulled'));
  await writeFile(join(downloadedModelsFolder, 'hub', 'models--owner--a-file'), '');
  const { snapshots, broken } = await readHubCache(join(downloadedModelsFolder, 'hub'));
  expect(snapshots.map(({ name }) => name)).toEqual(['owner/sound']);
  expect(broken).toEqual(['owner/broken']);
});

test('a file where the folder of models should be leaves the embedded model', async () => {
  await writeFile(join(downloadedModelsFolder, 'a-file'), '');
  const models = await listModels(join(downloadedModelsFolder, 'a-file'));
  expect(models.map((model) => model.name)).toEqual(['whisper-base-4bit']);
});
