import Negotiator from 'negotiator';
import { formats } from '../../formats/formats.ts';
import { type AnswerFormat, answerOptionTable } from '../../protocol/options/answer-option-table.ts';

/** What `POST /v1/transcriptions` can return: a job's events, or its transcript in one of the formats. */
export const answerFormats: readonly AnswerFormat[] = answerOptionTable.format.choices;
/** The first is what a wildcard means. */
const offered: readonly AnswerFormat[] = ['json', ...answerFormats.filter((format) => format !== 'json')];

/** The format of the answer: the one in the query, or the one that the Accept header prefers, or JSON. */
export function answerFormat(accept: string | undefined, wanted: AnswerFormat | null): AnswerFormat {
  if (wanted !== null) return wanted;
  const preferred = new Negotiator({ headers: { accept } }).mediaType(offered.map(mediaTypeOf));
  return offered.find((format) => mediaTypeOf(format) === preferred) ?? 'json';
}

export function mediaTypeOf(format: AnswerFormat): string {
  return format === 'ndjson' ? 'application/x-ndjson' : formats[format].mediaType;
}
