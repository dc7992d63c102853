import { HearthError } from '../errors/hearth-error.ts';
import type { AnswerOptions } from '../protocol/options/answer-option-table.ts';
import type { TranscriptionOptions } from '../protocol/options/transcription-options.ts';

/** The daemon reads a head of 16 KiB; what is left is for its other lines. */
const mostBytes = 15 * 1024;

/** Options as the query of a request; a list is repeated, one value each. @throws `OPTION_INVALID` for more text than a request takes */
export function transcriptionQuery(options: TranscriptionOptions & AnswerOptions): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options)) {
    for (const item of [value].flat()) query.append(name, String(item));
  }
  const text = query.toString();
  if (text.length > mostBytes) throw tooLong(query);
  return text === '' ? '' : `?${text}`;
}

function tooLong(query: URLSearchParams): HearthError {
  const byLength = [...query].toSorted(([, a], [, b]) => b.length - a.length);
  const longest = byLength[0]?.[0] ?? 'an option';
  return new HearthError('OPTION_INVALID', `The text of ${longest} is too long for a request.`, {
    hint: 'Shorten it: of a prompt its last 223 tokens count, of hotwords the first.',
  });
}
