import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { WatchedFolder, WatchRequest } from '../../../../daemon/src/protocol/watched-folders.ts';
import { diskOf } from '../../../../daemon/src/server/watch/disk-of.ts';
import { requireDisks } from '../../../../daemon/src/server/watch/require-disks.ts';
import { type Served, serveStandIn } from '../http/serve-stand-in.ts';

/** Only root mounts disks. */
const canMount =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

let served: Served;
let root: string;
/** Where the disk is, while it is there. */
let disk: string;

beforeEach(async () => {
  served = await serveStandIn();
  root = mkdtempSync(join(tmpdir(), 'hearth-disk-'));
  disk = join(root, 'disk');
  for (const name of ['disk', 'keep', 'here']) mkdirSync(join(root, name));
  if (canMount) mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', join(root, 'keep'));
  if (canMount) bringBack();
});

afterEach(async () => {
  await served.close();
  for (const path of [disk, join(root, 'keep')]) if (canMount) spawnSync('umount', ['-l', path]);
  rmSync(root, { recursive: true });
});

function mount(...words: readonly string[]): void {
  expect(spawnSync('mount', words).status).toBe(0);
}

const bringBack = () => mount('--bind', join(root, 'keep'), disk);
const takeAway = () => expect(spawnSync('umount', ['-l', disk]).status).toBe(0);

async function watch(rules: WatchRequest): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify(rules));
  expect((await served.ask({ method: 'POST', path: '/v1/watch', headers, body })).status).toBe(201);
}

/** Asks until it is so. */
async function until(isSo: (folder: WatchedFolder) => boolean): Promise<WatchedFolder> {
  for (;;) {
    const { folders } = (await served.ask({ path: '/v1/watch' })).json<{ folders: readonly WatchedFolder[] }>();
    const [folder] = folders;
    if (folder !== undefined && isSo(folder)) return folder;
  }
}

const waits = {
  code: 'OUTPUT_NOT_WRITABLE',
  message: expect.stringMatching(/^The disk of .* is not where it was, at .*disk\.$/),
};

(canMount ? test : test.skip)(
  'the disk of a folder goes away during a job: the transcript waits until it is back',
  async () => {
    await watch({ path: disk, history: false });
    writeFileSync(join(disk, 'talk.wav'), 'sound');
    const { finish } = await served.nextRun();
    takeAway();
    finish('Said.');
    expect((await until(({ problem }) => problem !== null)).problem).toMatchObject(waits);
    expect(readdirSync(disk)).toEqual([]);
    bringBack();
    expect((await until(({ counts }) => counts.done === 1)).problem).toBeNull();
    expect(readFileSync(join(disk, 'talk.txt'), 'utf8')).toBe('Said.\n');
  },
);

(canMount ? test : test.skip).each(['to', 'moveDone'] as const)(
  'the disk of the folder for what is done (%s) is away: nothing is made in its place',
  async (rule) => {
    await watch({ path: join(root, 'here'), [rule]: join(disk, 'done') });
    writeFileSync(join(root, 'here', 'talk.wav'), 'sound');
    const { finish } = await served.nextRun();
    takeAway();
    finish('Said.');
    expect((await until(({ problem }) => problem !== null)).problem).toMatchObject(waits);
    expect([readdirSync(disk), readdirSync(join(root, 'here'))]).toEqual([[], ['talk.wav']]);
    bringBack();
    await until(({ counts }) => counts.done === 1);
    expect(readdirSync(join(disk, 'done'))).toEqual([rule === 'to' ? 'talk.txt' : 'talk.wav']);
  },
);

test('of a folder that is yet to be made the disk is that of the one above it', async () => {
  expect(await diskOf(join(root, 'none', 'below'))).toBe(await diskOf(root));
  expect(await diskOf('/')).toBe('/');
});

test('a recording that is there needs no disk to be compared, and one whose disk nobody has written down neither', async () => {
  const rules = { path: root, to: null, moveDone: null, recursive: false, endings: null, history: true } as const;
  const folder = { rules: { ...rules, formats: ['txt'], options: {} }, disks: { to: null, moveDone: null } } as const;
  const gone = { path: join(root, 'gone.wav'), node: '1:1' };
  await requireDisks({ ...gone, disk: null }, folder);
  await requireDisks({ ...gone, disk: await diskOf(root) }, folder);
  await expect(requireDisks({ ...gone, disk: '/elsewhere' }, folder)).rejects.toMatchObject({
    code: 'OUTPUT_NOT_WRITABLE',
  });
});
