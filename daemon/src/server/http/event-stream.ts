import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Job } from '../jobs/job.ts';
import { type AnswerPace, keptAlive } from './kept-alive.ts';
import { whenGone } from './when-gone.ts';

/**
 * Answers with a job's events as NDJSON. It reads from the log no faster than the client reads, and stops when the
 * client is gone. A space before the next line keeps a silent connection alive.
 */
export function answerWithEvents(
  reply: FastifyReply,
  job: Job,
  { from, pace: { everyMs } }: { readonly from: number; readonly pace: AnswerPace },
): FastifyReply {
  const gone = new AbortController();
  whenGone(reply, () => gone.abort());
  const source = keptAlive(lines(job, from, gone.signal), { filler: ' ', everyMs });
  const events = Readable.from(source, { objectMode: false });
  return reply.type('application/x-ndjson; charset=utf-8').send(events);
}

async function* lines({ events }: Job, from: number, signal: AbortSignal): AsyncGenerator<string> {
  for await (const event of events.follow(from, signal)) yield `${JSON.stringify(event)}\n`;
}
