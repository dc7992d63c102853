import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../../daemon/src/client/health.ts';
import { getTranscript, searchHistory } from '../../../daemon/src/client/history.ts';
import { cancelJob, followJob, getJob, listJobs } from '../../../daemon/src/client/jobs.ts';
import { listModels } from '../../../daemon/src/client/models.ts';
import type { Daemon } from '../../../daemon/src/client/request.ts';
import { stopDaemon } from '../../../daemon/src/client/stop-daemon.ts';
import { health, jobEvents, type StandInDaemon, startStandInDaemon, transcript } from '../../stand-ins/daemon.ts';

let daemon: StandInDaemon;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let bounded: Daemon;

beforeEach(async () => {
  daemon = await startStandInDaemon((request, response) => answer(request, response));
  bounded = { socketPath: daemon.socketPath, answerWithinMs: 20 };
});

afterEach(() => daemon.close());

const questions: readonly (readonly [string, (asked: Daemon) => Promise<unknown>])[] = [
  ['readHealth', readHealth],
  ['readResidency', readResidency],
  ['listJobs', listJobs],
  ['getJob', (asked) => getJob(asked, 'job-1')],
  ['cancelJob', (asked) => cancelJob(asked, 'job-1')],
  ['followJob', (asked) => followJob(asked, 'job-1')],
  ['searchHistory', searchHistory],
  ['getTranscript', (asked) => getTranscript(asked, 'job-1')],
  ['listModels', listModels],
];

const notAnswering = { code: 'DAEMON_NOT_ANSWERING', message: 'The daemon runs, but did not answer within 0.02 s.' };

test.each(questions)(
  '%s waits no longer than it may for a daemon that takes connections and does not answer',
  async (_, ask) => {
    answer = () => undefined;
    await expect(ask(bounded)).rejects.toMatchObject(notAnswering);
  },
);

test('an answer that stops in the middle is waited for no longer, either', async () => {
  answer = (_, response) => response.write('{"jobs":[');
  await expect(listJobs(bounded)).rejects.toMatchObject(notAnswering);
});

test('a job whose answer has begun is followed however long it takes', async () => {
  const begun = Promise.withResolvers<ServerResponse>();
  answer = (_, response) => {
    response.write(jobEvents({ type: 'job-started' }));
    begun.resolve(response);
  };
  const followed = followJob(bounded, 'job-1');
  const response = await begun.promise;
  // Questions that are given up meanwhile say that the time is over. The daemon is well, or the job is given up too.
  answer = ({ url }, response) => void (url === '/v1/health' && response.end(JSON.stringify(health)));
  for (let count = 0; count < 3; count++) await expect(listJobs(bounded)).rejects.toMatchObject(notAnswering);
  response.end(jobEvents({ type: 'job-done', result: transcript([]) }));
  expect(await followed).toEqual(transcript([]));
});

test('one who cancels is not told that the daemon does not answer', async () => {
  answer = () => undefined;
  const signal = AbortSignal.abort();
  await expect(listJobs({ ...bounded, signal })).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a daemon that does not answer is not taken for none when it is to be stopped', async () => {
  answer = () => undefined;
  await expect(stopDaemon({ socketPath: daemon.socketPath, answerWithinMs: 20 })).rejects.toMatchObject(notAnswering);
});

test('a daemon that answers with an error is not taken for none', async () => {
  const error = { code: 'HOME_DAMAGED', message: 'Damaged.', hint: 'Restart.' };
  answer = (_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error }));
  };
  await expect(stopDaemon({ socketPath: daemon.socketPath })).rejects.toMatchObject({ code: 'HOME_DAMAGED' });
});
