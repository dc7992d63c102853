import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { searchHistory } from '../../daemon/src/client/history.ts';
import { cancelJob, getJob } from '../../daemon/src/client/jobs.ts';
import type { JobEvent } from '../../daemon/src/protocol/job-events.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { disturbUploads } from './support/disturb-uploads.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { killServerDuringBatch } from './support/kill-server-during-batch.ts';
import { randomNumbers } from './support/random-numbers.ts';
import { makeHome, type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const long = pathOf('test/fixtures/audio/LJ001-long.mp3');
const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');
const megabyte = 1024 ** 2;

// `bench/durability` has the large versions of the first two.
test('a batch of detached jobs comes through a server that is killed again and again', async () => {
  const outcome = await killServerDuringBatch({ jobs: 5, kills: 4, longestLifeMs: 1200, random: randomNumbers(11) });
  expect(outcome).toMatchObject({ right: 5, wrong: [], superfluousInHistory: 0, spooled: 0 });
  // A fast machine may be done before the last one.
  expect(outcome.kills).toBeGreaterThan(0);
});

test('uploads at once come to one end each while some break off, some are cancelled and the engine is killed', async () => {
  const outcome = await disturbUploads({ uploads: 14, engineKills: 2, random: randomNumbers(12) });
  expect(outcome).toMatchObject({ done: 12, cancelled: 1, brokenOff: 1, wrong: [] });
  expect(outcome).toMatchObject({ restarts: 2, withoutOneEnd: 0, spooled: 0 });
});

async function follow(daemon: RunningDaemon, id: string): Promise<JobEvent[]> {
  const { text } = await daemon.ask({ path: `/v1/jobs/${id}/events` });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JobEvent);
}

test('a clip that comes while a long recording runs is done before it, with another model too', async () => {
  const home = await makeHome();
  await mkdir(join(home, 'models'));
  await symlink(pathOf('assets/models/whisper-base-4bit'), join(home, 'models', 'other'));
  const daemon = await startDaemon({ home });
  const accepted = await daemon.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(long) });
  const { id } = accepted.json<{ id: string }>();
  const look = () => getJob(daemon, id);
  const untilPast = async (seconds: number) => {
    while ((await look()).processedSeconds <= seconds) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await untilPast(0);
  for (const query of ['?language=en', '?language=en&model=other']) {
    const before = await look();
    const answer = await daemon.ask({ path: `/v1/transcriptions${query}`, body: createReadStream(clip) });
    const after = await look();
    expect(answer.json<{ text: string }>().text).toContain('For a full hour');
    expect([before.state, after.state]).toEqual(['running', 'running']);
    // The window that ran when the clip came, and the one that may have begun when it was done.
    expect(after.processedSeconds - before.processedSeconds).toBeLessThanOrEqual(60);
  }
  // It goes on with the model that it had.
  await untilPast((await look()).processedSeconds);
  await cancelJob(daemon, id);
  expect((await follow(daemon, id)).at(-1)?.type).toBe('job-cancelled');
  expect(await daemon.stop()).toBe(0);
});

test('an upload of 100 MB passes by the memory of the server', async () => {
  const daemon = await startDaemon();
  const heapBytes = async () => {
    const { text } = await daemon.ask({ path: '/metrics' });
    return Number(/^hearth_server_heap_bytes (\S+)$/m.exec(text)?.[1]);
  };
  const before = await heapBytes();
  let highest = 0;
  const block = Buffer.alloc(megabyte, 'no recording ');
  async function* blocks(): AsyncGenerator<Buffer> {
    for (let count = 0; count < 100; count++) {
      if (count % 10 === 0) highest = Math.max(highest, await heapBytes());
      yield block;
    }
  }
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: Readable.from(blocks()) });
  expect([answer.status, answer.errorCode]).toEqual([415, 'AUDIO_UNSUPPORTED']);
  expect(highest - before).toBeLessThan(20 * megabyte);
  await daemon.stop();
});

test('a journal and a history that were damaged are told, and the daemon works', async () => {
  const home = await makeHome();
  await writeFile(join(home, 'journal.ndjson'), 'not a journal\n'.repeat(100));
  await writeFile(join(home, 'history.sqlite'), 'not a database\n'.repeat(100));
  const daemon = await startDaemon({ home });
  const { warnings } = await readHealth(daemon);
  expect(warnings).toEqual([
    'The journal of an earlier Hearth had 100 damaged lines. Jobs that could not be read from it are lost. It is kept as journal.ndjson.damaged-1.',
    expect.stringContaining('The history was damaged'),
  ]);
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(clip) });
  expect(answer.status).toBe(200);
  const { total } = await searchHistory(daemon);
  expect(total).toBe(1);
  await daemon.stop();
});

test('settings that change while a job runs are taken over, and the job loses nothing', async () => {
  const daemon = await startDaemon({ environment: eachWindowOnce });
  const accepted = await daemon.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(clip) });
  await writeFile(join(daemon.home, 'settings.json'), '{"threads": 1, "maxUploadBytes": 1000}');
  const ended = (await follow(daemon, accepted.json<{ id: string }>().id)).at(-1);
  expect(ended).toMatchObject({ type: 'job-done', result: { text: expect.stringContaining('For a full hour') } });
  const untilStatus = async (status: number) => {
    const ask = () => daemon.ask({ path: '/v1/transcriptions', body: createReadStream(clip) });
    while ((await ask()).status !== status) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  await untilStatus(413);
  await writeFile(join(daemon.home, 'settings.json'), '{"threads": 1}');
  await untilStatus(200);
  const { engine } = await readHealth(daemon);
  expect(engine.restarts).toBe(0);
  expect(await daemon.stop()).toBe(0);
});

test('a daemon that is stopped in the middle of a detached job finishes it when it is started again', async () => {
  const home = await makeHome();
  const first = await startDaemon({ home, environment: { HEARTH_DRAIN_SECONDS: '0' } });
  const accepted = await first.ask({ path: '/v1/transcriptions?detach=true&name=talk', body: createReadStream(long) });
  const { id } = accepted.json<{ id: string }>();
  first.child.kill('SIGTERM');
  expect(await once(first.child, 'exit')).toEqual([0, null]);
  expect(await first.spooled()).toHaveLength(1);
  const second = await startDaemon({ home });
  const job = await getJob(second, id);
  expect(job).toMatchObject({ name: 'talk', state: expect.stringMatching(/queued|running/) });
  await cancelJob(second, id);
  expect((await follow(second, id)).at(-1)?.type).toBe('job-cancelled');
  expect(await second.spooled()).toEqual([]);
  expect(await second.stop()).toBe(0);
});
