import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { HistoryPage } from '../../daemon/src/protocol/history.ts';
import type { JobDetails, JobSummary } from '../../daemon/src/protocol/job.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { makeHome, type RunningDaemon, runToEnd, startDaemon } from './support/start-daemon.ts';

const jfk = pathOf('assets/samples/jfk.flac');
const clip = pathOf('test/fixtures/audio/speechbrain_spk1_snt1.wav');

async function get<Body>(daemon: RunningDaemon, path: string): Promise<Body> {
  return (await daemon.ask({ path })).json<Body>();
}

const history = (daemon: RunningDaemon) => get<HistoryPage>(daemon, '/v1/history');
const warnings = async (daemon: RunningDaemon) => (await get<{ warnings: string[] }>(daemon, '/v1/health')).warnings;
const look = (daemon: RunningDaemon, id: string) => get<JobDetails>(daemon, `/v1/jobs/${id}`);
const jobsOf = async (daemon: RunningDaemon) => (await get<{ jobs: JobSummary[] }>(daemon, '/v1/jobs')).jobs;

/** Sends a recording and leaves it to the daemon; its job. */
async function detach(daemon: RunningDaemon, name: string, recording = clip): Promise<string> {
  const path = `/v1/transcriptions?detach=true&language=en&name=${name}`;
  const answer = await daemon.ask({ path, body: createReadStream(recording) });
  expect(answer.status).toBe(202);
  return answer.json<{ id: string }>().id;
}

/** Follows a job; its last event. */
async function followed(daemon: RunningDaemon, id: string): Promise<string> {
  const { text } = await daemon.ask({ path: `/v1/jobs/${id}/events` });
  return (JSON.parse(text.trim().split('\n').at(-1) ?? '') as { type: string }).type;
}

async function kill(daemon: RunningDaemon): Promise<void> {
  daemon.child.kill('SIGKILL');
  await once(daemon.child, 'exit');
}

test('a transcript that the held history does not take comes through a kill and goes there later', async () => {
  const home = await makeHome();
  const first = await startDaemon({ home });
  const other = new DatabaseSync(join(home, 'history.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const id = await detach(first, 'promised');
  expect(await followed(first, id)).toBe('job-done');
  const told = 'Its transcript is not in the history yet. Another program holds the history.';
  expect((await look(first, id)).warnings).toEqual([told]);
  expect(await warnings(first)).toContainEqual(
    expect.stringContaining('not in the history yet, but kept with their jobs: 1.'),
  );
  const deleted = await first.ask({ method: 'DELETE', path: '/v1/history' });
  expect([deleted.status, deleted.errorCode]).toEqual([503, 'HOME_BUSY']);
  await kill(first);
  other.exec('ROLLBACK');
  other.close();

  const second = await startDaemon({ home });
  const { result } = await look(second, id);
  expect(result?.text.length).toBeGreaterThan(10);
  while ((await history(second)).total === 0) await delay(20);
  expect((await history(second)).entries).toMatchObject([{ id, name: 'promised' }]);
  expect((await look(second, id)).warnings).toEqual([]);
  expect(await second.stop()).toBe(0);
});

test.each([
  [
    'is damaged from end to end',
    (home: string) => {
      for (const ending of ['-wal', '-shm']) rmSync(join(home, `jobs.sqlite${ending}`), { force: true });
      writeFileSync(join(home, 'jobs.sqlite'), 'not a database, '.repeat(1000));
    },
    /The list of jobs was damaged and begins empty/,
  ],
  [
    'has lost a row and shows nothing of it',
    (home: string) => {
      const database = new DatabaseSync(join(home, 'jobs.sqlite'));
      database.exec('DELETE FROM jobs');
      database.close();
    },
    null,
  ],
] as const)('where the list of jobs %s, the uploads of promised jobs are kept and told', async (_, damage, told) => {
  const home = await makeHome();
  const first = await startDaemon({ home });
  for (const name of ['first', 'second']) await detach(first, name, pathOf('test/fixtures/audio/LJ001-long.mp3'));
  const uploads = await first.spooled();
  expect(uploads).toHaveLength(2);
  await kill(first);
  damage(home);

  const second = await startDaemon({ home });
  expect(await second.spooled()).toEqual([]);
  expect((await readdir(join(home, 'lost-recordings'))).sort()).toEqual(uploads.sort());
  const said = await warnings(second);
  expect(said).toContainEqual(
    expect.stringMatching(/^Recordings without their transcripts are in .*lost-recordings: 2\./),
  );
  if (told !== null) expect(said).toContainEqual(expect.stringMatching(told));
  expect(await second.stop()).toBe(0);
});

test('an upload that the stored end of its job promises is kept, though the daemon died before it was moved', async () => {
  const home = await makeHome();
  const first = await startDaemon({ home });
  const long = pathOf('test/fixtures/audio/LJ001-long.mp3');
  const [failed, done] = [await detach(first, 'failed', long), await detach(first, 'done', long)];
  await kill(first);
  const database = new DatabaseSync(join(home, 'jobs.sqlite'));
  const uploadOf = (id: string) => {
    const row = database.prepare('SELECT request FROM jobs WHERE id = ?').get(id);
    return basename((JSON.parse(String(row?.['request'])) as { readonly audioPath: string }).audioPath);
  };
  const [kept, removed] = [uploadOf(failed), uploadOf(done)];
  const end = database.prepare('UPDATE jobs SET state = ?, endedAtMs = 1, endedSeq = ?, error = ? WHERE id = ?');
  end.run('failed', 1, JSON.stringify({ code: 'MODEL_INVALID', message: 'It is broken.', hint: '' }), failed);
  end.run('failed', 2, JSON.stringify({ code: 'AUDIO_CORRUPT', message: 'It is broken.', hint: '' }), done);
  database.close();
  expect((await readdir(join(home, 'spool'))).sort()).toEqual([kept, removed].sort());

  const second = await startDaemon({ home });
  expect(await second.spooled()).toEqual([]);
  expect(await readdir(join(home, 'lost-recordings'))).toEqual([kept]);
  expect(await second.stop()).toBe(0);
});

test('a home of version 0.1 keeps its jobs and its history, and what it promised is done', async () => {
  const home = await makeHome();
  for (const name of ['journal.ndjson', 'history.sqlite']) {
    copyFileSync(pathOf(`test/fixtures/home-0.1/${name}`), join(home, name));
  }
  mkdirSync(join(home, 'spool'), { mode: 0o700 });
  const uploads = ['80ce5af0-0778-4db8-84b9-01727292a065', 'cb2ea3a5-627e-4183-94e0-f623cd11799f'];
  for (const upload of uploads) copyFileSync(jfk, join(home, 'spool', upload));
  const daemon = await startDaemon({ home, environment: eachWindowOnce });
  const jobs = await jobsOf(daemon);
  // The text of `unkept.flac` was in no file of version 0.1.
  expect(jobs.map(({ name }) => name)).toEqual(['ended.flac', 'waiting0.flac', 'waiting1.flac']);
  expect((await look(daemon, jobs[0]?.id ?? '')).result?.text).toContain('country');
  for (const { id } of jobs) expect(await followed(daemon, id)).toBe('job-done');
  expect((await history(daemon)).entries.map(({ name }) => name)).toEqual([
    ...['waiting1.flac', 'waiting0.flac', 'ended.flac', 'jfk.flac'],
  ]);
  expect((await look(daemon, jobs[2]?.id ?? '')).result?.text).toContain('fellow Americans');
  expect([await daemon.spooled(), await warnings(daemon)]).toEqual([[], []]);
  expect(existsSync(join(home, 'journal.ndjson'))).toBe(false);
  expect(await daemon.stop()).toBe(0);
});

test.each(['jobs.sqlite', 'history.sqlite'])('a newer %s ends the start with 78 and is left alone', async (name) => {
  const home = await makeHome();
  const daemon = await startDaemon({ home });
  await detach(daemon, 'promised');
  daemon.child.kill('SIGTERM');
  await daemon.exited;
  const path = join(home, name);
  const database = new DatabaseSync(path);
  database.exec('PRAGMA user_version = 7');
  database.close();
  const files = ['jobs.sqlite', 'history.sqlite'].map((each) => join(home, each));
  const before = files.map((file) => readFileSync(file));
  const { code, output } = await runToEnd(home);
  expect(code).toBe(78);
  expect(output).toMatch(/^A newer Hearth wrote the (list of jobs|history).* \(HOME_TOO_NEW\)$/m);
  expect(files.map((file) => readFileSync(file))).toEqual(before);
  await rm(home, { recursive: true });
});

test('2,000 waiting jobs are there after a restart, in their order', async () => {
  const home = await makeHome();
  const first = await startDaemon({ home, environment: { HEARTH_DRAIN_SECONDS: '0' } });
  first.child.kill('SIGTERM');
  await first.exited;
  const database = new DatabaseSync(join(home, 'jobs.sqlite'));
  const insert = database.prepare('INSERT INTO jobs (id, client, createdAtMs, request) VALUES (?, ?, ?, ?)');
  const request = {
    ...{ audioPath: clip, uploaded: false, name: null, modelFolder: '/gone', options: {} },
    ...{ priority: 'bulk', detached: true, kept: false },
  };
  database.exec('BEGIN');
  for (let index = 0; index < 2000; index++)
    insert.run(`job-${index}`, `client-${index % 3}`, 0, JSON.stringify(request));
  database.exec('COMMIT');
  database.close();
  const second = await startDaemon({ home, environment: { HEARTH_DRAIN_SECONDS: '0' } });
  const jobs = await jobsOf(second);
  expect(jobs.map(({ id }) => id)).toEqual(Array.from({ length: 2000 }, (_, index) => `job-${index}`));
  const waiting = jobs.filter(({ state }) => state === 'queued');
  expect(waiting.map(({ queuePosition }) => queuePosition)).toEqual(waiting.map((_, position) => position));
  expect(await second.stop()).toBe(0);
});

test('a deleted transcript is in no file of the home and in no answer, while the daemon runs', async () => {
  const daemon = await startDaemon({ environment: eachWindowOnce });
  const filesWith = async (text: string) => {
    const entries = await readdir(daemon.home, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
    return contents.filter(({ bytes }) => bytes.includes(text)).map(({ file }) => file);
  };
  const ids = [];
  for (const name of ['kept', 'unkept&history=false']) {
    const id = await detach(daemon, name, jfk);
    expect(await followed(daemon, id)).toBe('job-done');
    ids.push(id);
  }
  const attached = await daemon.ask({ path: '/v1/transcriptions?format=txt', body: createReadStream(jfk) });
  expect(attached.text).toContain('fellow Americans');
  expect(await filesWith('fellow Americans')).not.toEqual([]);
  expect((await daemon.ask({ method: 'DELETE', path: `/v1/history/${ids[0]}` })).json()).toEqual({ deleted: 1 });
  expect((await daemon.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 2 });
  expect(await filesWith('fellow Americans')).toEqual([]);
  for (const id of ids) expect((await daemon.ask({ path: `/v1/jobs/${id}` })).errorCode).toBe('JOB_NOT_FOUND');
  expect([await jobsOf(daemon), (await history(daemon)).total, await warnings(daemon)]).toEqual([[], 0, []]);
  expect(await daemon.stop()).toBe(0);
});

const isRoot = process.getuid?.() === 0;
/** Only root can make a disk that is full or takes no writes. */
const canMount = isRoot && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** Writes into a file until not a page more has room. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    closeSync(file);
  }
}

(canMount ? test : test.skip)('a disk that fills up or takes no writes is named, and loses no promise', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'hearth-disk-'));
  const mount = (options: string) =>
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status).toBe(0);
  mount('size=6m');
  try {
    const home = join(disk, 'home');
    const environment = { ...eachWindowOnce, HEARTH_MIN_FREE_DISK_BYTES: '0' };
    const daemon = await startDaemon({ home, environment });
    const kept = await detach(daemon, 'before');
    expect(await followed(daemon, kept)).toBe('job-done');
    const promised = await detach(daemon, 'promised');
    const filler = join(disk, 'filler');
    fillDisk(filler);
    expect(await followed(daemon, promised)).toBe('job-done');
    const refused = await daemon.ask({ path: '/v1/transcriptions?detach=true', body: createReadStream(clip) });
    expect([refused.status, refused.errorCode]).toEqual([507, 'DISK_FULL']);
    await kill(daemon);
    await rm(filler);
    const second = await startDaemon({ home, environment });
    expect(await followed(second, promised)).toBe('job-done');
    while ((await history(second)).total < 2) await delay(20);
    expect((await history(second)).entries.map(({ id }) => id).sort()).toEqual([kept, promised].sort());

    const spool = join(home, 'spool');
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', spool]).status).toBe(0);
    for (const query of ['', '?detach=true']) {
      const upload = await second.ask({ path: `/v1/transcriptions${query}`, body: createReadStream(clip) });
      expect([upload.status, upload.errorCode]).toEqual([500, 'HOME_NOT_WRITABLE']);
    }
    await kill(second);
  } finally {
    spawnSync('umount', ['-l', join(disk, 'home', 'spool')]);
    spawnSync('umount', ['-l', disk]);
    await rm(disk, { recursive: true, force: true });
  }
});

const fakeTime = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));

// Debian's package `faketime` has it; the rule itself is tested in `test/unit/history` everywhere.
(fakeTime === undefined ? test.skip : test)('a clock that jumps by 400 days and back deletes nothing', async () => {
  const home = await makeHome();
  const clock = join(home, 'clock');
  writeFileSync(clock, '+0');
  const daemon = await startDaemon({
    home,
    environment: {
      ...eachWindowOnce,
      ...{ LD_PRELOAD: fakeTime ?? '', FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1' },
      ...{ FAKETIME_DONT_FAKE_MONOTONIC: '1', DONT_FAKE_MONOTONIC: '1' },
    },
  });
  const transcribe = async () => {
    expect((await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(clip) })).status).toBe(200);
  };
  const year = async () => new Date((await history(daemon)).entries[0]?.createdAt ?? '').getFullYear();
  await transcribe();
  const thisYear = await year();
  writeFileSync(clock, '+400d');
  await transcribe();
  // It did jump.
  expect(await year()).toBeGreaterThan(thisYear);
  writeFileSync(clock, '-9000d');
  await transcribe();
  writeFileSync(clock, '+0');
  await transcribe();
  expect((await history(daemon)).total).toBe(4);
  expect(statSync(join(home, 'history.sqlite')).isFile()).toBe(true);
  expect(await daemon.stop()).toBe(0);
});
