import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { JobEvent } from '../../protocol/job-events.ts';
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

/** How much of an event a follower that does not read may keep in memory. */
const pieceBytes = 16 * 1024;

/** Lines that are being sent. An event may contain a whole day's text, and all followers of a job share one copy. */
const sharedLines = new WeakMap<JobEvent, WeakRef<Buffer>>();

async function* lines({ events }: Job, from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const event of events.follow(from, signal)) {
    const line = lineOf(event);
    for (let start = 0; start < line.length; start += pieceBytes) yield line.subarray(start, start + pieceBytes);
  }
}

function lineOf(event: JobEvent): Buffer {
  const shared = sharedLines.get(event)?.deref();
  if (shared !== undefined) return shared;
  const line = Buffer.from(`${JSON.stringify(event)}\n`);
  sharedLines.set(event, new WeakRef(line));
  return line;
}
