import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { addressOf, listenOnNetwork } from '../../../../../daemon/src/server/http/listen-on-network.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

const token = 'a-token-of-more-than-thirty-two-characters';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn({ settings: { token, maxUploadBytes: 1000 } });
});

afterEach(() => served.close());

/** What a client does that clones a recording: the same file, under another name, where the daemon may read it. */
async function placeInSpool(content: string | Buffer = 'sound', name: string = randomUUID()): Promise<string> {
  const path = join(served.home, 'spool', name);
  await writeFile(path, content, { mode: 0o644 });
  return path;
}

function post(path: string, query = '') {
  const headers = { 'content-type': 'application/json' };
  return served.ask({ path: `/v1/transcriptions${query}`, headers, body: JSON.stringify({ path }) });
}

test('a file that a client put into the spool is an upload, which goes when its job ends', async () => {
  const path = await placeInSpool();
  const answered = post(path, '?name=talk.wav');
  const run = await served.nextRun();
  expect(run.task.audioPath).toBe(path);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  run.finish('text');
  expect((await answered).status).toBe(200);
  expect(await served.spooled()).toEqual([]);
  const { jobs } = (await served.ask({ path: '/v1/jobs' })).json<{ jobs: { name: string }[] }>();
  expect(jobs.map(({ name }) => name)).toEqual(['talk.wav']);
});

test('one that is handed over without a name has none, since that of the clone says nothing', async () => {
  const answer = await post(await placeInSpool(), '?detach=true');
  expect([answer.status, answer.json<{ name: string | null }>().name]).toEqual([202, null]);
  (await served.nextRun()).finish('text');
});

test('a hard link to another file is refused and removed, and the file is as it was', async () => {
  const path = join(served.home, 'spool', randomUUID());
  const recording = join(served.home, 'talk.wav');
  await writeFile(recording, 'sound', { mode: 0o644 });
  for (const file of [recording, join(served.home, 'jobs.sqlite'), join(served.home, 'history.sqlite')]) {
    const before = await stat(file);
    await link(file, path);
    const answer = await post(path, '?detach=true');
    expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
    const { mode, nlink } = await stat(file);
    expect([mode, nlink]).toEqual([before.mode, 1]);
  }
  expect(await served.spooled()).toEqual([]);
});

test('the upload of another job cannot be claimed, whether it was sent or cloned', async () => {
  const cloned = await placeInSpool();
  const first = await post(cloned, '?detach=true');
  const sent = await served.ask({ path: '/v1/transcriptions?detach=true', body: Buffer.from('more sound') });
  expect([first.status, sent.status]).toEqual([202, 202]);
  for (const name of await served.spooled()) {
    const answer = await post(join(served.home, 'spool', name));
    expect([answer.status, answer.errorCode]).toEqual([400, 'REQUEST_INVALID']);
  }
  expect(await served.spooled()).toHaveLength(2);
  expect(await readFile(cloned, 'utf8')).toBe('sound');
});

test.each([
  ['too large', Buffer.alloc(1001), 'AUDIO_TOO_LARGE'],
  ['empty', '', 'AUDIO_EMPTY'],
])('one that is %s is refused as an upload is, and removed', async (_, content, code) => {
  expect((await post(await placeInSpool(content))).errorCode).toBe(code);
  expect(await served.spooled()).toEqual([]);
});

test.each([
  ['under another name', () => placeInSpool('sound', 'talk.wav')],
  [
    'in a folder of the spool',
    async () => {
      await mkdir(join(served.home, 'spool', 'more'));
      return placeInSpool('sound', join('more', randomUUID()));
    },
  ],
  [
    'a link to a file elsewhere',
    async () => {
      const file = join(served.home, 'talk.wav');
      await writeFile(file, 'sound');
      const link = join(served.home, 'spool', randomUUID());
      await symlink(file, link);
      return link;
    },
  ],
  [
    'in another folder',
    async () => {
      const path = join(served.home, randomUUID());
      await writeFile(path, 'sound');
      return path;
    },
  ],
])('a file %s stays where it is', async (_, place) => {
  const path = await place();
  const answered = post(path);
  (await served.nextRun()).finish('text');
  expect((await answered).status).toBe(200);
  expect(await readFile(path, 'utf8')).toBe('sound');
});

test('the spool may be reached through a link', async () => {
  const path = await placeInSpool();
  await symlink(served.home, join(served.home, 'linked'));
  const answered = post(join(served.home, 'linked', 'spool', basename(path)));
  const run = await served.nextRun();
  expect(run.task.audioPath).toBe(path);
  run.finish('text');
  await answered;
  expect(await served.spooled()).toEqual([]);
});

test('over TCP a path into the spool is refused as all paths are, and the file stays its client’s', async () => {
  const path = await placeInSpool();
  const network = await listenOnNetwork(served.server, { address: '127.0.0.1:0', token });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', connection: 'close' };
  const url = `http://${addressOf(network)}/v1/transcriptions`;
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ path }) });
  expect([answer.status, await answer.json()]).toMatchObject([403, { error: { code: 'REQUEST_REFUSED' } }]);
  expect(await readFile(path, 'utf8')).toBe('sound');
  network.close();
});
