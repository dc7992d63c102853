import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { followJob } from '../../../daemon/src/client/jobs.ts';
import { loadModel, pullModel } from '../../../daemon/src/client/models.ts';
import type { Daemon } from '../../../daemon/src/client/request.ts';
import { submitJob, transcribe } from '../../../daemon/src/client/transcriptions.ts';
import { health, jobEvents, type StandInDaemon, startStandInDaemon, transcript } from '../../stand-ins/daemon.ts';

let daemon: StandInDaemon;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let bounded: Daemon;

beforeEach(async () => {
  daemon = await startStandInDaemon((request, response) => answer(request, response));
  bounded = { socketPath: daemon.socketPath, answerWithinMs: 20 };
});

afterEach(() => daemon.close());

const recording = () => ({ audio: Readable.from([Buffer.from('sound')]), byteCount: 5 });

const works: readonly (readonly [string, (asked: Daemon) => Promise<unknown>])[] = [
  ['transcribe', (asked) => transcribe(asked, recording())],
  ['submitJob', (asked) => submitJob(asked, recording())],
  ['followJob', (asked) => followJob(asked, 'job-1')],
  ['pullModel', (asked) => pullModel(asked, { repository: 'a/b' })],
  ['loadModel', loadModel],
];

test.each(works)('%s is given up when the daemon is stopped', async (_, work) => {
  answer = () => undefined;
  await expect(work(bounded)).rejects.toMatchObject({ code: 'DAEMON_NOT_ANSWERING' });
});

test('a job that has begun is given up when the daemon is stopped in the middle', async () => {
  answer = ({ url }, response) => {
    if (url !== '/v1/health') response.write(jobEvents({ type: 'job-started' }));
  };
  await expect(transcribe(bounded, recording())).rejects.toMatchObject({
    code: 'DAEMON_NOT_ANSWERING',
    message: 'The daemon runs, but did not answer within 0.16 s.',
  });
});

test('a silent job of a daemon that answers questions is waited for, however long it takes', async () => {
  let looks = 0;
  let job: ServerResponse | null = null;
  answer = ({ url }, response) => {
    if (url !== '/v1/health') {
      job = response;
      return;
    }
    looks += 1;
    // Also a refusal is an answer.
    if (looks === 2) response.writeHead(503);
    response.end(JSON.stringify(health));
    if (looks === 5) job?.end(jobEvents({ type: 'job-done', result: transcript([]) }));
  };
  expect(await transcribe(bounded, recording())).toEqual(transcript([]));
});

test('one who cancels is told that', async () => {
  answer = () => undefined;
  const signal = AbortSignal.abort();
  await expect(transcribe({ ...bounded, signal }, recording())).rejects.toMatchObject({ code: 'CANCELLED' });
});
