import { EventEmitter, once } from 'node:events';
import type { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { answerWithEvents } from '../../../../daemon/src/server/http/event-stream.ts';
import { newJob } from '../../../../daemon/src/server/jobs/new-job.ts';

/** Nobody hears of time. */
const pace = { openedMs: 3_600_000, queuedMs: 3_600_000, everyMs: 3_600_000 };

test('a stream whose client is gone follows its job no longer', async () => {
  const job = newJob({
    ...{ id: 'job', client: '', createdAt: new Date(), audioPath: '/talk', uploaded: false, name: null },
    ...{ modelFolder: '/model', options: {}, priority: 'interactive', detached: true, kept: true },
  });
  const connection = Object.assign(new EventEmitter(), { destroyed: false });
  const sent: Readable[] = [];
  const reply = { raw: connection, type: () => reply, send: (stream: Readable) => sent.push(stream) };
  answerWithEvents(reply as unknown as FastifyReply, job, { from: 0, pace });
  const [stream] = sent as [Readable];
  job.events.append({ type: 'job-started' });
  expect(String((await once(stream, 'data'))[0])).toContain('job-started');
  const ended = once(stream, 'end');
  connection.emit('close');
  await ended;
});
