import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Job } from '../jobs/job.ts';
import { type AnswerPace, keptAlive } from './kept-alive.ts';

/**
 * Answers with a job's events as NDJSON; reads from its log no faster than the client reads from the answer. A space
 * before the next line keeps a silent connection alive.
 */
export function answerWithEvents(
  reply: FastifyReply,
  job: Job,
  { from, pace: { everyMs } }: { readonly from: number; readonly pace: AnswerPace },
): FastifyReply {
  const events = Readable.from(keptAlive(lines(job, from), { filler: ' ', everyMs }), { objectMode: false });
  return reply.type('application/x-ndjson; charset=utf-8').send(events);
}

async function* lines({ events }: Job, from: number): AsyncGenerator<string> {
  for await (const event of events.follow(from)) yield `${JSON.stringify(event)}\n`;
}
