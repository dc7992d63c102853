import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { create, Header } from 'tar';
import { type CatalogueEntry, findInCatalogue } from '../../../daemon/src/models/catalogue.ts';
import { readHubCache, readRevisions, repositoryFolder } from '../../../daemon/src/models/hub-cache.ts';
import { type ImportRequest, importModel, removeUnpacked } from '../../../daemon/src/models/import-model.ts';
import type { PullProgress } from '../../../daemon/src/models/pull-model.ts';
import { createModelStore } from '../../../daemon/src/server/models/model-store.ts';
import { recommendedModelName } from '../../../daemon/src/settings/default-model.ts';
import { readSettings } from '../../../daemon/src/settings/read-settings.ts';

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const files = {
  'config.json': Buffer.from('{"n_mels": 80}'),
  'model.safetensors': weights,
  'README.md': Buffer.from(''),
};

let folder: string;
let hubFolder: string;
let brought: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-import-'));
  hubFolder = join(folder, 'models', 'hub');
  brought = join(folder, 'stick', 'whisper');
  await mkdir(brought, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(brought, name), content);
});

afterEach(() => rm(folder, { recursive: true }));

function bring(request: Partial<ImportRequest> = {}): Promise<string> {
  return importModel({
    ...{ path: brought, repository: 'owner/tiny', hubFolder, minFreeDiskBytes: 0 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
    ...request,
  });
}

async function archive(name: string): Promise<string> {
  const path = join(folder, name);
  await create({ file: path, cwd: join(folder, 'stick'), gzip: name.endsWith('gz') }, ['whisper']);
  return path;
}

test.each<[string, () => Promise<string>]>([
  ['a folder', async () => brought],
  ['a file in a folder', async () => join(brought, 'model.safetensors')],
  ['an archive', () => archive('whisper.tar')],
  ['a packed archive', () => archive('whisper.tar.gz')],
])('a model comes from %s, with its progress, and leaves nothing else behind', async (_, path) => {
  const told: PullProgress[] = [];
  const snapshot = await bring({ path: await path(), onProgress: (progress) => told.push(progress) });
  expect(await readdir(snapshot)).toEqual(['config.json', 'model.safetensors']);
  expect(await readFile(join(snapshot, 'model.safetensors'))).toEqual(weights);
  expect((await readHubCache(hubFolder)).snapshots).toEqual([{ name: 'owner/tiny', folder: snapshot }]);
  expect(told.at(-1)).toEqual({ receivedBytes: 300_014, totalBytes: 300_014 });
  expect(await readdir(hubFolder)).toEqual(['models--owner--tiny']);
});

test.each<[string, () => Promise<string>]>([
  ['a folder', async () => brought],
  ['the list of them', async () => join(brought, 'model.safetensors.index.json')],
  ['an archive', () => archive('whisper.tar')],
])('weights in files that a list names come from %s, also those in folders below', async (_, path) => {
  await rm(join(brought, 'model.safetensors'));
  const index = { weight_map: { a: 'one part.safetensors', b: 'below/another.safetensors' } };
  await writeFile(join(brought, 'model.safetensors.index.json'), JSON.stringify(index));
  await writeFile(join(brought, 'one part.safetensors'), 'one');
  await expect(bring({ path: await path() })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringMatching(/^The model at .* lacks 1 of 2 files of weights\.$/),
  });
  await mkdir(join(brought, 'below'));
  await writeFile(join(brought, 'below', 'another.safetensors'), weights);
  const snapshot = await bring({ path: await path() });
  expect(await readFile(join(snapshot, 'one part.safetensors'), 'utf8')).toBe('one');
  expect(await readFile(join(snapshot, 'below', 'another.safetensors'))).toEqual(weights);
});

test("another program's cache of the Hub is a folder too", async () => {
  const snapshot = await bring();
  const again = await bring({ path: join(snapshot, '..', '..'), repository: 'owner/again' });
  expect(await readFile(join(again, 'model.safetensors'))).toEqual(weights);
});

test('a model of the catalogue is at its pin, if its weights are those of the pin', async () => {
  const entry = findInCatalogue(recommendedModelName) as CatalogueEntry;
  await expect(bring({ repository: entry.name })).rejects.toMatchObject({
    code: 'DOWNLOAD_CORRUPT',
    message: expect.stringContaining(entry.weightsSha256 as string),
  });
  Object.assign(entry, { weightsSha256: createHash('sha256').update(weights).digest('hex') });
  await bring({ repository: entry.name });
  const { revisions } = await readRevisions(repositoryFolder(hubFolder, entry.name));
  expect(revisions).toMatchObject([{ reference: entry.revision, commit: entry.revision }]);
  const settings = { ...readSettings('/nowhere', {}), network: 'off' as const };
  const store = createModelStore({ modelsFolder: join(folder, 'models'), settings: () => settings });
  expect(await store.pullNeeded(entry.name)).toBeNull();
});

test('with the network off a model is brought by hand, and not downloaded', async () => {
  const settings = { ...readSettings('/nowhere', {}), network: 'off' as const, minFreeDiskBytes: 0 };
  const store = createModelStore({ modelsFolder: join(folder, 'models'), settings: () => settings });
  const order = { repository: 'owner/tiny', signal: new AbortController().signal, onProgress: () => undefined };
  await expect(store.pull(order)).rejects.toMatchObject({ code: 'NETWORK_OFF' });
  await store.pull({ ...order, offlinePath: brought });
  expect((await store.find('owner/tiny')).name).toBe('owner/tiny');
  expect(await store.list()).toContainEqual(expect.objectContaining({ name: 'owner/tiny', byteCount: 300_014 }));
});

test('weights in folders below count in the size of a model', async () => {
  await mkdir(join(brought, 'below'));
  await rename(join(brought, 'model.safetensors'), join(brought, 'below', 'all.safetensors'));
  const index = JSON.stringify({ weight_map: { a: 'below/all.safetensors' } });
  await writeFile(join(brought, 'model.safetensors.index.json'), index);
  const settings = { ...readSettings('/nowhere', {}), minFreeDiskBytes: 0 };
  const store = createModelStore({ modelsFolder: join(folder, 'models'), settings: () => settings });
  const order = { repository: 'owner/tiny', signal: new AbortController().signal, onProgress: () => undefined };
  await store.pull({ ...order, offlinePath: brought });
  const byteCount = 300_014 + index.length;
  expect(await store.list()).toContainEqual(expect.objectContaining({ name: 'owner/tiny', byteCount }));
});

test.each<[string, () => Promise<string>, string]>([
  ['nothing', async () => join(folder, 'none'), 'FILE_NOT_FOUND'],
  ['a folder without a model', () => withoutConfig(), 'MODEL_INVALID'],
  ['weights alone', () => lonely(), 'MODEL_INVALID'],
  ['a damaged archive', () => damaged(), 'MODEL_INVALID'],
])('%s is told', async (_, path, code) => {
  await expect(bring({ path: await path() })).rejects.toMatchObject({ code });
  expect((await readHubCache(hubFolder)).snapshots).toEqual([]);
});

async function withoutConfig(): Promise<string> {
  await rm(join(brought, 'config.json'));
  return brought;
}

async function lonely(): Promise<string> {
  const path = join(folder, 'model.safetensors');
  await copyFile(join(brought, 'model.safetensors'), path);
  await rm(brought, { recursive: true });
  return path;
}

async function damaged(): Promise<string> {
  const path = join(folder, 'whisper.tgz');
  await writeFile(path, 'Not Found');
  return path;
}

test('a model that lacks one of several files of weights is told', async () => {
  await rename(join(brought, 'model.safetensors'), join(brought, 'model-00001-of-00002.safetensors'));
  await expect(bring()).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `The model at ${brought} lacks 1 of 2 files of weights.`,
  });
});

test('a link in an archive leads nowhere', async () => {
  await rm(join(brought, 'config.json'));
  await symlink('/etc/passwd', join(brought, 'config.json'));
  await expect(bring({ path: await archive('linked.tar') })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('a disk without room is told, and so is a folder that may not be read', async () => {
  await expect(bring({ minFreeDiskBytes: 2 ** 60 })).rejects.toMatchObject({ code: 'DISK_FULL' });
  if (process.getuid?.() === 0) return;
  await chmod(brought, 0);
  await expect(bring()).rejects.toMatchObject({ code: 'FILE_NOT_PERMITTED' });
});

test.each([
  ['a pipe in place of its config.json', () => linkTo('config.json', pipe())],
  ['a pipe in place of its weights', () => linkTo('model.safetensors', pipe())],
  ['a device in place of its weights', () => linkTo('model.safetensors', '/dev/zero')],
  ['a pipe that is called an archive', async () => pipe()],
])('%s is refused, and not waited for', async (_, path) => {
  await expect(bring({ path: await path() })).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: expect.stringContaining('got a pipe, a socket or a device.'),
  });
});

function pipe(): string {
  const path = join(folder, 'pipe.tar');
  execFileSync('mkfifo', [path]);
  return path;
}

async function linkTo(name: string, target: string): Promise<string> {
  await rm(join(brought, name));
  await symlink(target, join(brought, name));
  return brought;
}

test('beside a file only its own folder is looked into', async () => {
  await mkdir(join(brought, 'other'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(brought, 'other', name), content);
  await rm(join(brought, 'config.json'));
  await expect(bring({ path: join(brought, 'model.safetensors') })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('an import that is cancelled stops while it still looks for the model', async () => {
  const cancelled = bring({ signal: AbortSignal.abort() });
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('an archive with an absolute path is refused, and nothing of it is left', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`whisper/${index}.bin`, 'x'.repeat(10_000)]),
  );
  await mkdir(join(folder, 'outside'));
  const path = join(folder, 'absolute.tar');
  for (const [name, content] of Object.entries(many)) await writeFile(join(folder, 'stick', name), content);
  const names = [...Object.keys(many).slice(0, 100), join(folder, 'outside'), ...Object.keys(many).slice(100)];
  await create({ file: path, cwd: join(folder, 'stick'), preservePaths: true }, names);
  await expect(bring({ path })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  expect((await readdir(hubFolder)).filter((name) => name.startsWith('.unpacked-'))).toEqual([]);
});

test('what an import left whose daemon was killed is removed by the next one, and nothing else', async () => {
  const theirs = `.unpacked-${process.ppid}-aB3dE6`;
  for (const name of [
    '.unpacked-aB3dE6',
    `.unpacked-${process.pid}-aB3dE6`,
    theirs,
    '.unpacked-mine',
    'models--owner--tiny',
  ]) {
    await mkdir(join(hubFolder, name), { recursive: true });
    await writeFile(join(hubFolder, name, 'config.json'), '{}');
  }
  await removeUnpacked(hubFolder);
  // Another daemon, which shares the folder, unpacks there now.
  expect((await readdir(hubFolder)).sort()).toEqual([theirs, '.unpacked-mine', 'models--owner--tiny']);
});

test('an archive whose files leave too little of the disk is refused before they are written', async () => {
  const path = join(folder, 'bomb.tar');
  const header = new Header({ path: 'whisper/model.safetensors', size: 2 ** 42, type: 'File', mode: 0o644 });
  const block = Buffer.alloc(512);
  header.encode(block);
  await writeFile(path, block);
  await expect(bring({ path })).rejects.toMatchObject({ code: 'DISK_FULL' });
  expect((await readdir(hubFolder)).filter((name) => name.startsWith('.unpacked-'))).toEqual([]);
});
