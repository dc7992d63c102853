import type { TranscriptionOptions } from '../options/transcription-options.ts';

/** How the daemon deals with a job, beside the options of its transcription. */
interface AnswerOptions {
  readonly detach?: boolean;
  readonly name?: string;
}

/** Options as the query of a request; a list is repeated, one value each. */
export function transcriptionQuery(options: TranscriptionOptions & AnswerOptions): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  return query.size === 0 ? '' : `?${query}`;
}
