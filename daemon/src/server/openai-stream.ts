import { Readable } from 'node:stream';
import type { WireError } from '../errors/wire-error.ts';
import type { Job } from '../jobs/job.ts';
import { openAiError } from './openai-error.ts';

/** A job as OpenAI's server-sent events: text as it is decoded, then all of it. */
export function openAiStream(job: Job): Readable {
  return Readable.from(events(job), { objectMode: false });
}

async function* events({ events, id }: Job): AsyncGenerator<string> {
  let isFirst = true;
  for await (const event of events.follow(0)) {
    if (event.type === 'segments-decoded' && event.segments.length > 0) {
      const text = event.segments.map((segment) => segment.text).join('');
      yield line({ type: 'transcript.text.delta', delta: isFirst ? text.trimStart() : text });
      isFirst = false;
    }
    if (event.type === 'job-done') yield line({ type: 'transcript.text.done', text: event.result.text.trim() });
    if (event.type === 'job-failed') yield failure(event.error);
    if (event.type === 'job-cancelled') {
      yield failure({
        code: 'CANCELLED',
        message: `Expected job ${id} to run to its end, got its cancellation.`,
        hint: '',
      });
    }
  }
}

function failure(error: WireError): string {
  return line({ type: 'error', ...openAiError(error) });
}

function line(event: object): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}
