import type { TranscriptionOptions } from '../options/transcription-options.ts';

/** Options as the query of a request; a list is repeated, one value each. */
export function transcriptionQuery(options: TranscriptionOptions): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  return query.size === 0 ? '' : `?${query}`;
}
