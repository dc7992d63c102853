import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readHealth } from '../../../daemon/src/client/health.ts';
import { deleteAllTranscripts, getTranscript, searchHistoryPages } from '../../../daemon/src/client/history.ts';
import { cancelJob, followJob, getJob, listJobs } from '../../../daemon/src/client/jobs.ts';
import { pullModel } from '../../../daemon/src/client/models.ts';
import { health, jobEvents, type StandInDaemon, startStandInDaemon, transcript } from '../../stand-ins/daemon.ts';

let daemon: StandInDaemon;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: string[];

beforeEach(async () => {
  asked = [];
  daemon = await startStandInDaemon((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
});

afterEach(() => daemon.close());

test('jobs are listed, looked at and cancelled', async () => {
  answer = (_, response) => response.end(JSON.stringify({ jobs: [{ id: 'job-1' }] }));
  expect(await listJobs(daemon)).toEqual([{ id: 'job-1' }]);
  answer = (_, response) => response.end(JSON.stringify({ id: 'a/b' }));
  expect(await getJob(daemon, 'a/b')).toEqual({ id: 'a/b' });
  await cancelJob(daemon, 'a/b');
  expect(asked).toEqual(['GET /v1/jobs', 'GET /v1/jobs/a%2Fb', 'DELETE /v1/jobs/a%2Fb']);
});

test('a job is followed to its transcript', async () => {
  const events: string[] = [];
  answer = (_, response) =>
    response.end(jobEvents({ type: 'job-started' }, { type: 'job-done', result: transcript([]) }));
  expect(await followJob(daemon, 'job-1', ({ type }) => events.push(type))).toEqual(transcript([]));
  expect(events).toEqual(['job-started', 'job-done']);
});

/** How a daemon goes away in the middle of an answer: it closes the connection, or the connection breaks. */
const goings = [
  ['ends', (response: ServerResponse) => response.end()],
  ['breaks', (response: ServerResponse) => response.destroy()],
] as const;

test.each(goings)('a daemon whose answer %s in the middle has a code of its own, whatever was asked', async (_, go) => {
  answer = (_request, response) => response.write(jobEvents({ type: 'job-started' }), () => go(response));
  const lost = { code: 'CONNECTION_LOST' };
  await expect(followJob(daemon, 'job-1')).rejects.toMatchObject(lost);
  await expect(pullModel(daemon, { repository: 'o/n' })).rejects.toMatchObject(lost);
});

test('a connection that breaks in the middle of JSON, or before any answer, is lost', async () => {
  const lost = { code: 'CONNECTION_LOST', hint: expect.stringContaining('hearth logs') };
  answer = (_, response) => response.write('{"jobs":[', () => response.destroy());
  await expect(listJobs(daemon)).rejects.toMatchObject(lost);
  answer = (request) => request.socket.destroy();
  await expect(readHealth(daemon)).rejects.toMatchObject(lost);
  answer = (_, response) => response.writeHead(404).write('{"error":', () => response.destroy());
  await expect(getJob(daemon, 'job-1')).rejects.toMatchObject(lost);
});

test('aborting ends the wait for any answer', async () => {
  const controller = new AbortController();
  answer = () => controller.abort();
  await expect(readHealth({ ...daemon, signal: controller.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('the history is read page by page', async () => {
  answer = ({ url }, response) => {
    const isLast = url?.includes('before=7');
    response.end(JSON.stringify({ entries: [{ id: isLast ? 'b' : 'a' }], nextBefore: isLast ? null : 7, total: 2 }));
  };
  const ids: string[] = [];
  for await (const { entries } of searchHistoryPages(daemon, '"ask not" country')) {
    for (const { id } of entries) ids.push(id);
  }
  expect(ids).toEqual(['a', 'b']);
  expect(asked[1]).toBe('GET /v1/history?limit=200&query=%22ask+not%22+country&before=7');
  answer = (_, response) => response.end('{"deleted":2}');
  expect(await deleteAllTranscripts(daemon)).toBe(2);
});

test('what the daemon answers with an error rejects with it', async () => {
  const error = { code: 'HISTORY_ENTRY_NOT_FOUND', message: 'No transcript has the id x.', hint: 'Search.' };
  answer = (_, response) => response.writeHead(404).end(JSON.stringify({ error }));
  await expect(getTranscript(daemon, 'x')).rejects.toMatchObject(error);
});

test('the version of the daemon is passed on, also of one that refuses', async () => {
  const versions: string[] = [];
  const onVersion = (version: string) => versions.push(version);
  answer = (_, response) => response.setHeader('hearth-version', '0.0.1').end(JSON.stringify(health));
  await readHealth({ ...daemon, onVersion });
  answer = (_, response) => response.setHeader('hearth-version', '0.0.2').writeHead(404).end('{}');
  await expect(getJob({ ...daemon, onVersion }, 'x')).rejects.toThrow();
  expect(versions).toEqual(['0.0.1', '0.0.2']);
});
