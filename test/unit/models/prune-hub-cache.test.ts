import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type CatalogueEntry, findInCatalogue } from '../../../daemon/src/models/catalogue.ts';
import { findModel } from '../../../daemon/src/models/find-model.ts';
import { readHubCache } from '../../../daemon/src/models/hub-cache.ts';
import { type PruneRequest, pruneHubCache } from '../../../daemon/src/models/prune-hub-cache.ts';
import { pullModel } from '../../../daemon/src/models/pull-model.ts';
import { recommendedModelName } from '../../../daemon/src/settings/default-model.ts';
import { startStandInHub } from '../../stand-ins/hub.ts';

const earlier = 'a'.repeat(40);
const later = 'b'.repeat(40);
const config = Buffer.from('{"n_mels": 80}');

let folder: string;
let hubFolder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-prune-'));
  hubFolder = join(folder, 'hub');
});

afterEach(() => rm(folder, { recursive: true }));

/** As the one edit in the catalogue. */
function pin(revision: string, weights: Buffer): void {
  const weightsSha256 = createHash('sha256').update(weights).digest('hex');
  Object.assign(findInCatalogue(recommendedModelName) as CatalogueEntry, { revision, weightsSha256 });
}

function pull(commit: string, weights: Buffer, revision?: string): Promise<string> {
  return pullFiles(commit, { 'model.safetensors': weights }, revision);
}

async function pullFiles(commit: string, files: Readonly<Record<string, Buffer>>, revision?: string): Promise<string> {
  const content = { repository: recommendedModelName, commit };
  const hub = await startStandInHub({ 'config.json': config, ...files }, {}, content);
  try {
    return await pullModel({
      ...{ endpoint: hub.endpoint, repository: hub.repository, revision, hubFolder, minFreeDiskBytes: 0 },
      ...{ signal: new AbortController().signal, onProgress: () => undefined },
    });
  } finally {
    await hub.close();
  }
}

function prune(request: Partial<PruneRequest> = {}) {
  const nobody = () => false;
  return pruneHubCache({ hubFolder, isInUse: async () => false, isPulling: nobody, isWanted: nobody, ...request });
}

async function used(): Promise<string> {
  return basename((await findModel({ name: recommendedModelName, downloadedModelsFolder: folder })).folder);
}

const blobs = () => readdir(join(hubFolder, 'models--mlx-community--whisper-large-v3-turbo-asr-4bit', 'blobs'));

test('a newer pin is used once it is here, and what the earlier one alone needed goes', async () => {
  pin(earlier, Buffer.alloc(5000, 1));
  await pull(earlier, Buffer.alloc(5000, 1));
  expect(await used()).toBe(earlier);
  pin(later, Buffer.alloc(7000, 2));
  await pull(later, Buffer.alloc(7000, 2));
  expect(await used()).toBe(later);
  expect((await readHubCache(hubFolder)).superseded).toEqual([recommendedModelName]);

  expect(await prune()).toEqual([{ name: recommendedModelName, revisions: [earlier], byteCount: 5000 }]);
  expect(await used()).toBe(later);
  // The configuration is the same in both.
  expect(await blobs()).toHaveLength(2);
  expect(await prune()).toEqual([]);
});

test('an earlier revision with weights in folders of its own goes as a whole, and what somebody put into one stays', async () => {
  const names = ['one.safetensors', 'below/two.safetensors', 'deep/er/three.safetensors'];
  const index = { weight_map: Object.fromEntries(names.map((name) => [name, name])) };
  const parts = (size: number) => ({
    'model.safetensors.index.json': Buffer.from(JSON.stringify(index)),
    ...Object.fromEntries(names.map((name, at) => [name, Buffer.alloc(size, at + size)])),
  });
  Object.assign(findInCatalogue(recommendedModelName) as CatalogueEntry, { revision: earlier, weightsSha256: null });
  const old = await pullFiles(earlier, parts(5000));
  await writeFile(join(old, 'below', 'notes'), 'mine');
  Object.assign(findInCatalogue(recommendedModelName) as CatalogueEntry, { revision: later });
  const current = await pullFiles(later, parts(7000));
  expect(await prune()).toEqual([{ name: recommendedModelName, revisions: [earlier], byteCount: 15_000 }]);
  expect((await readdir(old, { recursive: true })).sort()).toEqual(['below', 'below/notes']);
  expect(await readFile(join(current, 'deep', 'er', 'three.safetensors'))).toEqual(Buffer.alloc(7000, 7002));
  expect(await prune()).toEqual([]);
});

test('an earlier revision that is in use stays', async () => {
  pin(earlier, Buffer.alloc(5000, 1));
  const old = await pull(earlier, Buffer.alloc(5000, 1));
  pin(later, Buffer.alloc(7000, 2));
  await pull(later, Buffer.alloc(7000, 2));
  expect(await prune({ isInUse: async (path) => path === old })).toEqual([]);
  await access(join(old, 'model.safetensors'));
  expect(await prune({ isPulling: () => true })).toEqual([]);
});

test('a commit that a person chose is used, and no pin replaces it', async () => {
  pin(later, Buffer.alloc(7000, 2));
  await pull(later, Buffer.alloc(7000, 2));
  await pull(earlier, Buffer.alloc(5000, 1), earlier);
  expect(await used()).toBe(earlier);
  expect(await prune()).toMatchObject([{ revisions: [later] }]);
  expect(await used()).toBe(earlier);
});

test('what an interrupted download left goes, unless it goes on', async () => {
  pin(earlier, Buffer.alloc(5000, 1));
  const snapshot = await pull(earlier, Buffer.alloc(5000, 1));
  const rest = join(snapshot, '..', '..', 'blobs', `${'c'.repeat(64)}.incomplete`);
  await writeFile(rest, 'half');
  pin(later, Buffer.alloc(7000, 2));
  expect(await prune({ isWanted: () => true })).toEqual([]);
  await access(rest);
  expect(await prune()).toEqual([{ name: recommendedModelName, revisions: [], byteCount: 4 }]);
  expect(await used()).toBe(earlier);
});

test('of a model that was never complete nothing stays', async () => {
  const snapshot = await pull(later, Buffer.alloc(7000, 2), 'main');
  await rm(snapshot, { recursive: true });
  expect((await readHubCache(hubFolder)).broken).toEqual([recommendedModelName]);
  expect(await prune()).toMatchObject([{ byteCount: 7014 }]);
  expect(await readdir(hubFolder)).toEqual([]);
});

/** As other programs fill the same cache. */
async function fillByOthers(): Promise<string> {
  const repository = join(hubFolder, 'models--my--llama');
  for (const commit of [earlier, later]) {
    await mkdir(join(repository, 'snapshots', commit), { recursive: true });
    await writeFile(join(repository, 'snapshots', commit, 'pytorch_model.bin'), commit);
  }
  await mkdir(join(repository, 'blobs'));
  await writeFile(join(repository, 'blobs', 'd'.repeat(64)), 'theirs');
  return repository;
}

test('what other programs have in the same cache stays, and so does a file that is none of ours', async () => {
  const repository = await fillByOthers();
  const before = await readdir(repository, { recursive: true });
  const snapshot = await pull(later, Buffer.alloc(7000, 2), 'main');
  await writeFile(join(snapshot, '..', '..', 'blobs', 'notes.txt'), 'mine');
  await rm(snapshot, { recursive: true });
  expect(await prune()).toMatchObject([{ name: recommendedModelName, byteCount: 7014 }]);
  expect(await readdir(repository, { recursive: true })).toEqual(before);
  expect(await blobs()).toEqual(['notes.txt']);
});

test('what somebody keeps among the files of a model stays, also when it is pulled or pruned', async () => {
  const old = await pull(earlier, Buffer.alloc(5000, 1), 'main');
  const repository = join(old, '..', '..');
  const kept = ['snapshots/my-own-notes/thesis.txt', `snapshots/${earlier}/onnx/model.onnx`, 'refs/notes/my.note'];
  kept.push(`snapshots/${earlier}/README.md`, 'blobs/holiday.incomplete', `snapshots/${later}/vae/model.bin`);
  for (const path of kept) {
    await mkdir(dirname(join(repository, path)), { recursive: true });
    await writeFile(join(repository, path), 'mine');
  }
  const mine = async () => {
    const entries = await readdir(repository, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((path) => relative(repository, path)).filter((path) => kept.includes(path));
  };
  const newest = await pull(later, Buffer.alloc(7000, 2), 'main');
  expect((await readdir(newest)).sort()).toEqual(['config.json', 'model.safetensors', 'vae']);
  expect((await readHubCache(hubFolder)).superseded).toEqual([recommendedModelName]);
  expect(await prune()).toEqual([{ name: recommendedModelName, revisions: [earlier], byteCount: 5000 }]);
  expect((await readHubCache(hubFolder)).superseded).toEqual([]);
  expect(await prune()).toEqual([]);
  for (const name of ['config.json', 'model.safetensors']) await rm(join(newest, name));
  expect(await prune()).toMatchObject([{ revisions: [], byteCount: 7014 }]);
  expect((await mine()).sort()).toEqual(kept.sort());
});

test('earlier revisions of another program are not told as what prune deletes', async () => {
  await fillByOthers();
  expect(await readHubCache(hubFolder)).toMatchObject({ superseded: [] });
});

test('nothing behind a link goes', async () => {
  await rm(await pull(later, Buffer.alloc(7000, 2), 'main'), { recursive: true });
  await rename(hubFolder, join(folder, 'elsewhere'));
  await symlink('elsewhere', hubFolder);
  expect(await prune()).toEqual([]);
  expect(await blobs()).toHaveLength(2);
});

test('a model that is pulled into a repository of another program takes nothing from it', async () => {
  const repository = join(hubFolder, 'models--mlx-community--whisper-large-v3-turbo-asr-4bit');
  await mkdir(join(repository, 'snapshots', later), { recursive: true });
  await writeFile(join(repository, 'snapshots', later, 'pytorch_model.bin'), 'theirs');
  await pull(later, Buffer.alloc(7000, 2), 'main');
  expect((await readdir(join(repository, 'snapshots', later))).sort()).toEqual([
    'config.json',
    'model.safetensors',
    'pytorch_model.bin',
  ]);
  expect(await prune()).toEqual([]);
});
