import { Readable } from 'node:stream';
import type { Job } from '../../jobs/job.ts';
import { failureOf } from '../job-answer.ts';
import { keptAlive } from '../kept-alive.ts';
import { openAiError } from './openai-error.ts';

/** A job as OpenAI's server-sent events: text as it is decoded, then the whole text. Comments keep the connection alive. */
export function openAiStream(job: Job, { everyMs }: { readonly everyMs: number }): Readable {
  return Readable.from(lines(job, everyMs), { objectMode: false });
}

async function* lines(job: Job, everyMs: number): AsyncGenerator<string> {
  const filler = ': the job goes on\n\n';
  // The first bytes carry the head of the answer, which would otherwise wait for them.
  yield filler;
  yield* keptAlive(events(job), { filler, everyMs });
}

async function* events(job: Job): AsyncGenerator<string> {
  let isFirst = true;
  for await (const event of job.events.follow(0)) {
    // OpenAI has no event for this, and strict clients accept no others.
    if (event.type === 'model-loading') {
      yield `: loading the model ${event.model}, ${Math.round(event.progress * 100)} %\n\n`;
    }
    if (event.type === 'segments-decoded' && event.segments.length > 0) {
      const text = event.segments.map((segment) => segment.text).join('');
      yield line({ type: 'transcript.text.delta', delta: isFirst ? text.trimStart() : text });
      isFirst = false;
    }
    if (event.type === 'job-done') {
      const { text, language } = event.result;
      yield line({ type: 'transcript.text.done', text: text.trim(), languages: [{ code: language }] });
    }
    if (event.type === 'job-failed' || event.type === 'job-cancelled') {
      yield line({ type: 'error', ...openAiError(failureOf(event)) });
    }
  }
}

function line(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
