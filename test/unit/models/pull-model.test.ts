import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, statfs, truncate, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CatalogueEntry, findInCatalogue } from '../../../daemon/src/models/catalogue.ts';
import { listModels } from '../../../daemon/src/models/list-models.ts';
import { findModels } from '../../../daemon/src/models/needed-files.ts';
import { type PullProgress, type PullRequest, pullModel } from '../../../daemon/src/models/pull-model.ts';
import { recommendedModelName } from '../../../daemon/src/settings/default-model.ts';
import { type HubFault, type StandInHub, startStandInHub } from '../../stand-ins/hub.ts';

const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const files = {
  'config.json': Buffer.from('{"n_mels": 80}'),
  'model.safetensors': weights,
  'weights.npz': Buffer.from('the same again'),
  'README.md': Buffer.from('words'),
  '.gitattributes': Buffer.from(''),
};

const shardIndex = (names: readonly string[]) =>
  JSON.stringify({ weight_map: Object.fromEntries(names.map((name, index) => [`tensor ${index}`, name])) });
const badIndex =
  'has a list of weights (model.safetensors.index.json) that does not name .safetensors files beside it or in folders below.';

const canMount =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

let folder: string;
let hubFolder: string;
let fault: HubFault;
let hub: StandInHub;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-pull-'));
  hubFolder = join(folder, 'hub');
  fault = {};
  hub = await startStandInHub(files, fault);
});

afterEach(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

function pull(request: Partial<PullRequest> = {}): Promise<string> {
  return pullModel({
    ...{ endpoint: hub.endpoint, repository: hub.repository, revision: 'main', hubFolder, minFreeDiskBytes: 0 },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    limits: { idleMs: 60_000, fruitlessAttempts: 2, retryDelayMs: 1 },
    ...request,
  });
}

test('what a model needs lies in the layout of the Hub, and the model is found by its name', async () => {
  const told: PullProgress[] = [];
  const snapshot = await pull({ onProgress: (progress) => told.push(progress) });
  expect(await readdir(snapshot)).toEqual(['config.json', 'model.safetensors']);
  expect(await readFile(join(snapshot, 'model.safetensors'))).toEqual(weights);
  expect(await readlink(join(snapshot, 'config.json'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{40}$/);
  expect(await readFile(join(hubFolder, 'models--owner--tiny', 'refs', 'main'), 'utf8')).toBe(hub.commit);
  expect(await listModels(folder)).toContainEqual({ name: 'owner/tiny', folder: snapshot });
  expect(told[0]).toEqual({ receivedBytes: 0, totalBytes: 300_014 });
  expect(told.at(-1)).toEqual({ receivedBytes: 300_014, totalBytes: 300_014 });
});

test('the recommended model comes at its pinned commit, and only with the weights that were looked at', async () => {
  const { name: repository, revision, weightsSha256 } = findInCatalogue(recommendedModelName) as CatalogueEntry;
  const other = await startStandInHub(files, fault, { repository, commit: revision as string });
  const pulled = pullModel({
    ...{ endpoint: other.endpoint, repository, hubFolder, minFreeDiskBytes: 0 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
  });
  await expect(pulled).rejects.toMatchObject({
    code: 'DOWNLOAD_CORRUPT',
    message: expect.stringContaining(weightsSha256 as string),
  });
  expect(other.asked).toEqual([]);
  // Who names a revision gets that one.
  const main = await pull({ endpoint: other.endpoint, repository, revision: 'main' });
  expect(await readdir(main)).toContain('model.safetensors');
  await other.close();
});

describe('of a repository comes what the engine reads, and nothing else:', () => {
  const small = (names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, Buffer.from(name.endsWith('.index.json') ? indexOf(names, name) : name)]),
    );
  const indexOf = (names: readonly string[], index: string) => {
    const inFolder = names.filter((name) => name.startsWith(dirname(index)) || dirname(index) === '.');
    const shards = inFolder.filter((name) => name.endsWith('.safetensors') && !name.includes('fp32'));
    return shardIndex(shards.map((name) => relative(dirname(index), name)));
  };

  async function pulled(names: readonly string[], request: Partial<PullRequest> = {}): Promise<readonly string[]> {
    await hub.close();
    hub = await startStandInHub(small(names));
    const snapshot = await pull({ endpoint: hub.endpoint, ...request });
    const entries = await readdir(snapshot, { recursive: true, withFileTypes: true });
    const links = entries.filter((entry) => entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
    for (const link of links) expect((await stat(link)).isFile()).toBe(true);
    return links.map((link) => relative(snapshot, link)).sort();
  }

  const clutter = ['tokenizer.json', 'vocab.json', 'pytorch_model.bin', 'flax_model.msgpack', 'model.fp32.safetensors'];

  test.each([
    [
      'one of several formats',
      ['config.json', 'model.safetensors', 'weights.npz'],
      ['config.json', 'model.safetensors'],
    ],
    [
      'shards with their index',
      [
        ...['config.json', 'generation_config.json', 'model.safetensors.index.json'],
        ...['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'],
      ],
      [
        ...['config.json', 'generation_config.json', 'model-00001-of-00002.safetensors'],
        ...['model-00002-of-00002.safetensors', 'model.safetensors.index.json'],
      ],
    ],
    [
      'shards of any name, in folders below, as the index lists them',
      [
        ...['config.json', 'model.safetensors.index.json'],
        ...['the first.safetensors', 'parts/second.safetensors', 'parts/readme.md'],
      ],
      ['config.json', 'model.safetensors.index.json', 'parts/second.safetensors', 'the first.safetensors'],
    ],
    [
      'such shards of a model in a folder',
      [
        ...['mlx/config.json', 'mlx/weights.safetensors.index.json'],
        ...['mlx/a.safetensors', 'mlx/parts/b.safetensors', 'other.safetensors'],
      ],
      ['a.safetensors', 'config.json', 'parts/b.safetensors', 'weights.safetensors.index.json'],
    ],
    [
      'shards of mlx-whisper',
      ['config.json', 'weights.00.safetensors', 'weights.01.safetensors'],
      ['config.json', 'weights.00.safetensors', 'weights.01.safetensors'],
    ],
    [
      'whole weights beside shards',
      ['config.json', 'model.safetensors', 'model.safetensors.index.json', 'model-00001-of-00002.safetensors'],
      ['config.json', 'model.safetensors'],
    ],
    [
      'the only folder with a model',
      ['README.md', 'mlx/config.json', 'mlx/weights.safetensors', 'onnx/model.onnx'],
      ['config.json', 'weights.safetensors'],
    ],
  ])('%s', async (_, names, expected) => {
    expect(await pulled([...names, ...clutter])).toEqual(expected);
  });

  test('a folder has to be named if several hold a model, and another one takes its place', async () => {
    const names = ['small/config.json', 'small/model.safetensors', 'medium/config.json', 'medium/weights.npz'];
    await expect(pulled(names)).rejects.toMatchObject({
      code: 'MODEL_INVALID',
      message: 'Expected one of the models in owner/tiny (medium, small), got none.',
      hint: expect.stringContaining('--folder'),
    });
    expect(await pulled(names, { folder: 'small' })).toEqual(['config.json', 'model.safetensors']);
    expect(await pulled(names, { folder: 'medium' })).toEqual(['config.json', 'weights.npz']);
    await expect(pulled(names, { folder: 'large' })).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

(canMount ? test : test.skip)(
  'a disk that others fill before the second file is told, and the pull goes on later',
  async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      await hub.close();
      const shards = { 'weights.00.safetensors': Buffer.alloc(300_000, 1), 'weights.01.safetensors': weights };
      hub = await startStandInHub({ 'config.json': files['config.json'], ...shards });
      const request = { endpoint: hub.endpoint, hubFolder: join(disk, 'hub') };
      const other = join(disk, 'others');
      const onProgress = ({ receivedBytes }: PullProgress) => {
        if (receivedBytes >= 300_014) writeFileSync(other, Buffer.alloc(560_000));
      };
      await expect(pull({ ...request, onProgress })).rejects.toMatchObject({ code: 'DISK_FULL' });
      // Also in the middle of a file, when the room was there before.
      rmSync(other);
      const late = ({ receivedBytes }: PullProgress) => {
        if (receivedBytes > 300_014) writeFileSync(other, Buffer.alloc(900_000));
      };
      await pull({ ...request, onProgress: (progress) => ignoringErrors(() => late(progress)) }).catch(({ code }) =>
        expect(code).toBe('DISK_FULL'),
      );
      rmSync(other);
      expect(await readFile(join(await pull(request), 'weights.01.safetensors'))).toEqual(weights);
      expect(hub.asked.filter((line) => line === 'weights.00.safetensors')).toHaveLength(1);
    } finally {
      execFileSync('umount', [disk]);
    }
  },
);

function ignoringErrors(act: () => void): void {
  try {
    act();
  } catch {
    // The disk is full, as it should be.
  }
}

test('a revision of a pull request has a slash, in the address and in the cache', async () => {
  const snapshot = await pull({ revision: 'refs/pr/1' });
  expect(await readFile(join(hubFolder, 'models--owner--tiny', 'refs', 'refs', 'pr', '1'), 'utf8')).toBe(hub.commit);
  expect(await listModels(folder)).toContainEqual({ name: 'owner/tiny', folder: snapshot });
});

test('a connection that breaks again and again only costs time', async () => {
  fault.cutAfterBytes = 70_000;
  // What was on its way when the connection broke may be lost.
  const snapshot = await pull({ limits: { idleMs: 5000, fruitlessAttempts: 50, retryDelayMs: 0 } });
  expect(await readFile(join(snapshot, 'model.safetensors'))).toEqual(weights);
  const resumed = hub.asked.filter((line) => line.startsWith('model.safetensors from'));
  expect(resumed.length).toBeGreaterThanOrEqual(4);
});

test('a cancelled pull goes on later where it stopped', async () => {
  const abort = new AbortController();
  fault.stallAfterBytes = 100_000;
  const first = pull({
    signal: abort.signal,
    onProgress: ({ receivedBytes }) => receivedBytes >= 100_000 && abort.abort(),
    limits: { idleMs: 60_000, fruitlessAttempts: 2, retryDelayMs: 1 },
  });
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
  expect((await listModels(folder)).map(({ name }) => name)).not.toContain('owner/tiny');
  delete fault.stallAfterBytes;
  await pull();
  expect(hub.asked.at(-1)).toMatch(/^model\.safetensors from \d{5,}$/);
});

test('a server that knows no ranges sends everything again, and it is right', async () => {
  fault.cutAfterBytes = 200_000;
  fault.ignoresRanges = true;
  await expect(pull()).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
  delete fault.cutAfterBytes;
  expect(await readFile(join(await pull(), 'model.safetensors'))).toEqual(weights);
});

test('bytes that are not the right ones are refused and not kept', async () => {
  fault.lies = true;
  await expect(pull()).rejects.toMatchObject({
    code: 'DOWNLOAD_CORRUPT',
    message: expect.stringContaining('the hash'),
  });
  expect(await readdir(join(hubFolder, 'models--owner--tiny', 'blobs'))).toEqual([]);
  delete fault.lies;
  await pull();
});

test('what is there is not brought again', async () => {
  await pull();
  const { length } = hub.asked;
  await pull();
  expect(hub.asked).toHaveLength(length);
});

test('a server that stalls is given up in the end', async () => {
  fault.stallAfterBytes = 0;
  const limits = { idleMs: 200, fruitlessAttempts: 2, retryDelayMs: 1 };
  await expect(pull({ limits })).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' });
});

test.each([
  ['a repository that does not exist', { repository: 'owner/none' }, 'MODEL_NOT_FOUND'],
  ['a revision that does not exist', { revision: 'v2' }, 'MODEL_NOT_FOUND'],
  ['a Hub that nobody runs', { endpoint: 'http://127.0.0.1:1' }, 'HUB_UNREACHABLE'],
  ['a disk without room', { minFreeDiskBytes: 2 ** 60 }, 'DISK_FULL'],
])('%s is told', async (_, request, code) => {
  await expect(pull(request)).rejects.toMatchObject({ code });
});

test('a place that takes no model is told in words', async () => {
  await writeFile(hubFolder, '');
  await expect(pull()).rejects.toMatchObject({
    code: 'HOME_NOT_WRITABLE',
    message: expect.stringMatching(
      /^Cannot write .*hub: (a part of the path is not a folder|a part of the path is a file)\.$/,
    ),
  });
});

test('a Hub at fault is told', async () => {
  fault.status = 503;
  await expect(pull()).rejects.toMatchObject({ code: 'HUB_UNREACHABLE', message: expect.stringContaining('503') });
});

test.each([404, 403, 410])('a Hub that has no file where it says, with %d, is not asked again', async (fileStatus) => {
  fault.fileStatus = fileStatus;
  await expect(pull()).rejects.toMatchObject({
    code: 'HUB_INVALID',
    message: `Expected config.json from ${new URL(hub.endpoint).host}, got status ${fileStatus}.`,
  });
  expect(hub.asked).toEqual(['config.json']);
});

test.each([
  ['file:///etc/passwd', 'a redirection to file:///etc/passwd'],
  ['data:text/plain,x', 'a redirection to data:text/plain,x'],
  ['http://[', 'a redirection to http://['],
  ['/owner/tiny/resolve/c0ffee0000000000000000000000000000000000/config.json', 'more than 10 redirections'],
])('a Hub that sends on to %s is told, and not asked again', async (location, got) => {
  fault.location = location;
  await expect(pull()).rejects.toMatchObject({
    code: 'HUB_INVALID',
    message: `Expected an answer from ${new URL(hub.endpoint).host}, got ${got}.`,
  });
  expect(new Set(hub.asked)).toEqual(new Set(['config.json']));
  expect(hub.asked.length).toBe(got.startsWith('more') ? 11 : 1);
});

test('what answers without HTTP is told', async () => {
  const server = createServer((connection) => void connection.on('error', () => undefined).end('220 mail ready\r\n'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await expect(pull({ endpoint: `http://${host}` })).rejects.toMatchObject({
    code: 'HUB_INVALID',
    message: `Expected an answer from ${host}, got something that is not HTTP.`,
  });
  server.close();
});

test('what arrived of an interrupted download counts when the room on the disk is looked at', async () => {
  await hub.close();
  const large = Buffer.alloc(200_000_000);
  hub = await startStandInHub({ 'config.json': files['config.json'], 'model.safetensors': large });
  const blobs = join(hubFolder, 'models--owner--tiny', 'blobs');
  await mkdir(blobs, { recursive: true });
  const partial = join(blobs, `${createHash('sha256').update(large).digest('hex')}.incomplete`);
  await writeFile(partial, '');
  // A file of zeros that takes no room.
  await truncate(partial, large.length - 1000);
  const { bavail, bsize } = await statfs(folder);
  await pull({
    minFreeDiskBytes: bavail * bsize - large.length / 2,
    limits: { idleMs: 60_000, fruitlessAttempts: 2, retryDelayMs: 1 },
  });
  expect(hub.asked).toEqual(['config.json', `model.safetensors from ${large.length - 1000}`]);
});

test('a disk without room is told in megabytes', async () => {
  await expect(pull({ minFreeDiskBytes: 2 ** 60 })).rejects.toMatchObject({
    message: expect.stringMatching(/^Expected [\d.]+ GB of free disk space for the model, got [\d.]+ [MG]B\.$/),
  });
});

test('a repository that lacks one of several files of weights is told before anything is downloaded', async () => {
  await hub.close();
  const part = Buffer.alloc(1000);
  hub = await startStandInHub({ 'config.json': files['config.json'], 'model-00002-of-00003.safetensors': part });
  await expect(pull()).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: 'The repository owner/tiny lacks 2 of 3 files of weights.',
  });
  expect(hub.asked).toEqual([]);
});

test.each([
  ['lacks a file', shardIndex(['a.safetensors', 'below/b.safetensors']), 'lacks 1 of 2 files of weights.'],
  ['names a file outside', shardIndex(['a.safetensors', '../b.safetensors']), badIndex],
  ['is none', 'words', badIndex],
])('a repository whose list of weights %s is told before anything is downloaded', async (_, index, told) => {
  await hub.close();
  const shards = { 'a.safetensors': weights, 'model.safetensors.index.json': Buffer.from(index) };
  hub = await startStandInHub({ 'config.json': files['config.json'], ...shards });
  await expect(pull()).rejects.toMatchObject({
    code: 'MODEL_INVALID',
    message: `The repository owner/tiny ${told}`,
  });
  expect(hub.asked).toEqual(['model.safetensors.index.json']);
});

test('a repository without weights is no model', async () => {
  await hub.close();
  hub = await startStandInHub({ 'config.json': Buffer.from('{}') });
  await expect(pull()).rejects.toMatchObject({ code: 'MODEL_INVALID' });
});

test('a description that never ends is not kept in memory', async () => {
  fault.padsDescriptionBy = 3 * 1024 * 1024;
  await expect(pull()).rejects.toMatchObject({ code: 'HUB_INVALID', message: expect.stringContaining('far more') });
  fault.padsDescriptionBy = 1000;
  await pull();
});

const commit = 'c0ffee'.padEnd(40, '0');
const hash = 'a'.repeat(64);
const config = '{"rfilename":"config.json","size":2,"blobId":"bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f"}';
const weightsOf = (lfs: string) => `[${config},{"rfilename":"model.safetensors","lfs":${lfs}}]`;
test.each([
  ['null'],
  ['[]'],
  [`{"sha":"../../x","siblings":[${config}]}`],
  ...[
    ...['{}', '"abc"', '[null]', '[{}]', '[{"rfilename":5}]', `${'['.repeat(1000)}${']'.repeat(1000)}`],
    ...[weightsOf('null'), weightsOf('true'), weightsOf('{"sha256":null,"size":null}')],
    ...['-1', '0', '1e400', '"284"', '{}', '0.5'].map((size) => weightsOf(`{"sha256":"${hash}","size":${size}}`)),
    '[{"rfilename":"config.json","size":null},{"rfilename":"model.safetensors"}]',
  ].map((siblings) => [`{"sha":"${commit}","siblings":${siblings}}`]),
])('a hub that describes a repository with %.100s is told', async (description) => {
  fault.description = description;
  await expect(pull()).rejects.toMatchObject({ code: 'HUB_INVALID' });
  expect(hub.asked).toEqual([]);
});

test('a repository with very many folders is read as fast as its description comes', () => {
  const folders = Array.from({ length: 200_000 }, (_, index) => `${index}/config.json`);
  const found = findModels([...folders, 'm/config.json', 'm/model.safetensors', 'm/below/weights.npz']);
  expect(found).toEqual([{ folder: 'm', paths: ['m/config.json', 'm/model.safetensors'], index: null }]);
});
