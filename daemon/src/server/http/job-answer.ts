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
  /** For a job that fails after its answer has started. */
  readonly errorBody: ErrorBody;
}

/**
 * Answers with a job's transcript once it has ended. If the job takes long, the answer starts earlier, with status 200
 * and white space, because clients and proxies give up on a silent connection. An interim answer (102) would keep the
 * status, but Python's http.client takes it for the final one. If the job fails after that, the error follows and the
 * connection is cut in the middle of the answer, so that no client takes it for a transcript.
 * @throws the job's error, if the answer has not started
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
 * Waits for a job's end, or for an event that can start an answer. Returns false after 20 s from the opening of the
 * recording, or 50 s in the queue.
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

/** @throws the error of a failed job, `CANCELLED` for a cancelled one */
export function requireTranscript(end: JobEnd): Transcript {
  if (end.type === 'job-done') return end.result;
  throw fromWireError(failureOf(end));
}

export function failureOf(end: Exclude<JobEnd, { type: 'job-done' }>): WireError {
  if (end.type === 'job-failed') return end.error;
  return toWireError(new HearthError('CANCELLED', `Job ${end.jobId} was cancelled.`));
}

/** WebVTT must begin with its name, and that line may contain anything. Before all others, white space means nothing. */
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
