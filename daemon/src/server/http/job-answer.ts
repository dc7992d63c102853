import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HearthError } from '../../errors/hearth-error.ts';
import type { WireError } from '../../errors/wire-error.ts';
import type { JobEvent } from '../../messages/job-events.ts';
import type { WireTranscript } from '../../messages/wire-transcript.ts';
import type { Job } from '../jobs/job.ts';
import { type AnswerPace, keptAlive } from './kept-alive.ts';

export interface JobAnswer {
  readonly format: string;
  readonly mediaType: string;
  readonly write: (transcript: WireTranscript) => string;
  /** Answers a failure with its status. */
  readonly fail: (reply: FastifyReply, error: WireError) => FastifyReply;
  readonly errorBody: (error: WireError) => object;
}

/**
 * Answers with a job's transcript when it has ended. A job that takes long is answered with 200 before its end, and with
 * white space until then, since clients and proxies give up on a connection that is silent: an interim answer (102) would
 * keep the status, but Python's http.client takes it for the last one. A job that fails after that ends its connection in
 * mid-answer, behind the error, so that no client takes it for a transcript.
 */
export async function answerWithTranscript(
  reply: FastifyReply,
  job: Job,
  answer: JobAnswer,
  pace: AnswerPace,
): Promise<FastifyReply> {
  if (!(await endsSoon(job, pace))) {
    reply.type(`${answer.mediaType}; charset=utf-8`);
    return reply.send(Readable.from(lateAnswer(job, answer, pace), { objectMode: false }));
  }
  if (job.result === null) return answer.fail(reply, failureOf(job));
  return reply.type(`${answer.mediaType}; charset=utf-8`).serializer(String).send(answer.write(job.result));
}

/**
 * Waits for a job's end, or for an event that is enough to begin an answer. False when that takes long: 20 s after the
 * recording was opened, or 50 s in the queue.
 */
export async function endsSoon(
  job: Job,
  { openedMs, queuedMs }: AnswerPace,
  isEnough: (event: JobEvent) => boolean = () => false,
): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  let timer = setTimeout(late.resolve, queuedMs, false);
  async function follow(): Promise<true> {
    for await (const event of job.events.follow(0)) {
      if (event.type === 'audio-opened') {
        clearTimeout(timer);
        timer = setTimeout(late.resolve, openedMs, false);
      }
      if (isEnough(event)) break;
    }
    return true;
  }
  try {
    return await Promise.race([follow(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

export function failureOf({ id, error }: Job): WireError {
  if (error !== null) return error;
  const { code, message, hint } = new HearthError('CANCELLED', `Job ${id} was cancelled.`);
  return { code, message, hint };
}

/** WebVTT has to begin with its name, and anything may stand on that line; before all others white space means nothing. */
const openingOfVtt = 'WEBVTT';

async function* lateAnswer(job: Job, answer: JobAnswer, { everyMs }: AnswerPace): AsyncGenerator<string> {
  const [opening, filler] = answer.format === 'vtt' ? [openingOfVtt, ' '] : ['', '\n'];
  yield opening + filler;
  yield* keptAlive(lateText(job, answer, opening), { filler, everyMs });
  if (job.result === null) throw new Error('The job failed after its answer had begun.');
}

async function* lateText(job: Job, answer: JobAnswer, opening: string): AsyncGenerator<string> {
  for await (const _ of job.events.follow(0));
  if (job.result === null) yield `\n${JSON.stringify(answer.errorBody(failureOf(job)))}\n`;
  else yield answer.write(job.result).slice(opening.length);
}
