import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import type { HistoryPage } from '../../../../../daemon/src/protocol/history.ts';
import { type Served, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

beforeEach(async () => {
  served = await serveStandIn();
});

afterEach(() => served.close());

async function transcribe(text: string, query = ''): Promise<void> {
  const answered = served.ask({ path: `/v1/transcriptions${query}`, body: 'sound' });
  (await served.nextRun()).finish(text);
  expect((await answered).status).toBe(200);
}

async function search(query = ''): Promise<HistoryPage> {
  return (await served.ask({ path: `/v1/history${query}` })).json<HistoryPage>();
}

test('transcripts are found by their words and by their names, a page at a time', async () => {
  await transcribe(' Ask not what', '?name=jfk.flac');
  await transcribe(' How old is the bridge');
  await transcribe(' Nothing of this', '?history=false');
  expect((await search()).entries).toMatchObject([{ excerpt: 'How old is the bridge' }, { name: 'jfk.flac' }]);
  expect((await search('?query=jfk')).entries).toMatchObject([
    { excerpt: 'Ask not what', language: 'en', model: 'base' },
  ]);
  const first = await search('?limit=1');
  expect((await search(`?limit=1&before=${first.nextBefore}`)).entries).toMatchObject([{ name: 'jfk.flac' }]);
});

test('a transcript is looked at, exported in every format, and deleted', async () => {
  await transcribe(' hello', '?name=hello.wav&language=en');
  const [{ id } = { id: '' }] = (await search()).entries;
  const looked = await served.ask({ path: `/v1/history/${id}` });
  expect(looked.json()).toMatchObject({ id, options: { language: 'en' }, result: { text: ' hello' } });
  const exported = await Promise.all(
    ['txt', 'srt', 'vtt', 'tsv', 'json', 'md', 'lrc', 'docx'].map((format) =>
      served.ask({ path: `/v1/history/${id}?format=${format}` }),
    ),
  );
  expect(exported.map(({ text }) => text.split('\n')[0])).toEqual([
    ...['hello', '1', 'WEBVTT', 'start\tend\ttext'],
    expect.stringContaining('"text":" hello"'),
    ...['# hello', '[ti:hello]', expect.stringMatching(/^PK/)],
  ]);
  expect(exported.at(-1)?.headers['content-type']).toMatch(/wordprocessingml\.document$/);
  expect(exported[1]?.headers['content-type']).toBe('application/x-subrip; charset=utf-8');
  expect((await served.ask({ method: 'DELETE', path: `/v1/history/${id}` })).json()).toEqual({ deleted: 1 });
  const gone = await served.ask({ path: `/v1/history/${id}` });
  expect([gone.status, gone.errorCode]).toEqual([404, 'HISTORY_ENTRY_NOT_FOUND']);
});

test('all transcripts are deleted at once', async () => {
  await transcribe(' one');
  await transcribe(' two');
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 2 });
  expect(await search()).toEqual({ entries: [], nextBefore: null, total: 0 });
});

/** Whether any byte in the home's files holds a text. */
async function isInHome(text: string): Promise<boolean> {
  const entries = await readdir(served.home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file)));
  return contents.some((bytes) => bytes.includes(text));
}

/** Transcribes without anybody waiting, to the end; the job's id. */
async function detach(text: string, query: string): Promise<string> {
  const accepted = await served.ask({ path: `/v1/transcriptions?detach=true${query}`, body: 'sound' });
  const { id } = accepted.json<{ id: string }>();
  const run = await served.nextRun();
  run.finish(text);
  await served.ask({ path: `/v1/jobs/${id}/events` });
  return id;
}

async function jobIds(): Promise<readonly string[]> {
  return (await served.ask({ path: '/v1/jobs' })).json<{ jobs: { id: string }[] }>().jobs.map(({ id }) => id);
}

test.each([
  ['is in the history', ''],
  ['only its job has', '&history=false'],
])('a deleted transcript that %s is gone from the disk and from its job', async (_, query) => {
  const id = await detach(' secret words', `${query}&name=secret-name.wav&initialPrompt=secret-prompt`);
  const other = await detach(' other words', '');
  const answers = [`/v1/jobs/${id}`, `/v1/jobs/${id}/events`];
  for (const path of answers) expect((await served.ask({ path })).text).toContain('secret words');
  expect(await isInHome('secret words')).toBe(true);
  expect((await served.ask({ method: 'DELETE', path: `/v1/history/${id}` })).json()).toEqual({ deleted: 1 });
  for (const path of answers) expect((await served.ask({ path })).errorCode).toBe('JOB_NOT_FOUND');
  for (const secret of ['secret words', 'secret-name', 'secret-prompt']) expect(await isInHome(secret)).toBe(false);
  expect((await served.ask({ path: `/v1/jobs/${other}` })).text).toContain('other words');
  const again = await served.ask({ method: 'DELETE', path: `/v1/history/${id}` });
  expect(again.errorCode).toBe('HISTORY_ENTRY_NOT_FOUND');
});

test('a cleared history leaves no text on the disk or with a job, and jobs that have not ended go on', async () => {
  await transcribe(' secret one');
  await transcribe(' secret two', '?history=false');
  await detach(' secret three', '');
  await detach(' secret four', '&history=false');
  const failing = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  const failed = await served.nextRun();
  const times = { id: 0, seek: 0, start: 0, end: 1, tokens: [], temperature: 0 };
  const segment = { ...times, text: ' secret five', avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  failed.say({ type: 'segments-decoded', jobId: failed.task.jobId, segments: [segment], processedSeconds: 1 });
  failed.fail(new HearthError('AUDIO_CORRUPT', 'Damaged.'));
  await failing;
  const running = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  const run = await served.nextRun();
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 4 });
  expect(await isInHome('secret')).toBe(false);
  expect(await jobIds()).toEqual([run.task.jobId]);
  run.finish(' going on');
  expect((await running).status).toBe(200);
  expect((await search()).entries).toMatchObject([{ excerpt: 'going on' }]);
});

/** Locks the history as a backup does. Returns what unlocks it. */
function lockHistory(): () => void {
  const other = new DatabaseSync(join(served.home, 'history.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
}

test('a transcript that the history has still to get does not come back once it is deleted', async () => {
  const unlock = lockHistory();
  const id = await detach(' secret words', '');
  expect((await served.ask({ path: `/v1/jobs/${id}` })).text).toContain('not in the history yet');
  unlock();
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 1 });
  await served.stop(0);
  expect(await isInHome('secret words')).toBe(false);
  expect((await search()).total).toBe(0);
});

test.each(['?limit=0', '?limit=201', '?limit=1e999', '?before=-1e999', '?before=x', '?page=2'])(
  'the query %s is refused',
  async (query) => {
    const answer = await served.ask({ path: `/v1/history${query}` });
    expect([answer.status, answer.errorCode]).toEqual([400, 'OPTION_INVALID']);
  },
);

test('the same goes for transcripts whose jobs are forgotten', async () => {
  await served.close();
  served = await serveStandIn({ settings: { maxFinishedJobs: 1 } });
  const unlock = lockHistory();
  const ids = [];
  for (const text of [' secret one', ' secret two', ' secret three']) ids.push(await detach(text, ''));
  expect(await jobIds()).toEqual(ids.slice(2));
  unlock();
  expect((await served.ask({ method: 'DELETE', path: `/v1/history/${ids[0]}` })).json()).toEqual({ deleted: 1 });
  expect(await isInHome('secret one')).toBe(false);
  expect(await isInHome('secret two')).toBe(true);
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 2 });
  expect(await isInHome('secret')).toBe(false);
  await served.stop(0);
  expect(await isInHome('secret')).toBe(false);
  expect((await search()).total).toBe(0);
});

test('a text that its job alone has is deleted, even if that job is forgotten but still on disk', async () => {
  await served.close();
  served = await serveStandIn({ settings: { maxFinishedJobs: 1 } });
  await detach(' secret one', '&history=false');
  const second = await served.ask({ path: '/v1/transcriptions?detach=true', body: 'sound' });
  const run = await served.nextRun();
  const other = new DatabaseSync(join(served.home, 'jobs.sqlite'));
  // The first is forgotten when the second ends, and nothing can be deleted then.
  other.exec("CREATE TRIGGER held BEFORE DELETE ON jobs BEGIN SELECT RAISE(FAIL, 'held'); END");
  run.finish(' second');
  await served.ask({ path: `/v1/jobs/${second.json<{ id: string }>().id}/events` });
  other.exec('DROP TRIGGER held');
  other.close();
  expect(await isInHome('secret one')).toBe(true);
  expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 2 });
  expect(await isInHome('secret one')).toBe(false);
});
