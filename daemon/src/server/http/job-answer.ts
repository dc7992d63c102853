import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { HearthError } from '../../errors/hearth-error.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import { fromWireError, toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { JobEnd } from '../jobs/event-log.ts';
import type { Job } from '../jobs/job.ts';
import type { ErrorBody } from './error-answers.ts';
import { type AnswerPace, keptAlive } from './kept-alive.ts';

export interface TranscriptAnswer {
  readonly format: string;
  readonly mediaType: string;
  readonly write: (transcript: Transcript) => string;
  /** For a job that fails when its answer has begun. */
  readonly errorBody: ErrorBody;
}

/**
 * Answers with a job's transcript when it has ended. A job that takes long is answered with 200 before its end, and with
 * white space until then, since clients and proxies give up on a connection that is silent: an interim answer (102) would
 * keep the status, but Python's http.client takes it for the last one. A job that fails after that ends its connection in
 * mid-answer, behind the error, so that no client takes it for a transcript.
 * @throws the job's error, while there is no answer yet
 */
export async function answerWithTranscript(
  reply: FastifyReply,
  job: Job,
  answer: TranscriptAnswer,
  pace: AnswerPace,
): Promise<FastifyReply> {
  const mediaType = `${answer.mediaType}; charset=utf-8`;
  if (!(await endsSoon(job, pace))) {
    return reply.type(mediaType).send(Readable.from(lateAnswer(job, answer, pace), { objectMode: false }));
  }
  const transcript = requireTranscript(await job.ended);
  return reply.type(mediaType).serializer(String).send(answer.write(transcript));
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
  async function watch(): Promise<true> {
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
    return await Promise.race([watch(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws the error of a job that failed, `CANCELLED` for one that was cancelled */
export function requireTranscript(end: JobEnd): Transcript {
  if (end.type === 'job-done') return end.result;
  throw fromWireError(failureOf(end));
}

export function failureOf(end: Exclude<JobEnd, { type: 'job-done' }>): WireError {
  if (end.type === 'job-failed') return end.error;
  return toWireError(new HearthError('CANCELLED', `Job ${end.jobId} was cancelled.`));
}

/** WebVTT has to begin with its name, and anything may stand on that line; before all others white space means nothing. */
const openingOfVtt = 'WEBVTT';

async function* lateAnswer(job: Job, answer: TranscriptAnswer, { everyMs }: AnswerPace): AsyncGenerator<string> {
  const [opening, filler] = answer.format === 'vtt' ? [openingOfVtt, ' '] : ['', '\n'];
  yield opening + filler;
  yield* keptAlive(lateText(job, answer, opening), { filler, everyMs });
  requireTranscript(await job.ended);
}

async function* lateText(job: Job, answer: TranscriptAnswer, opening: string): AsyncGenerator<string> {
  const end = await job.ended;
  if (end.type === 'job-done') yield answer.write(end.result).slice(opening.length);
  else yield `\n${JSON.stringify(answer.errorBody(failureOf(end), null))}\n`;
}
