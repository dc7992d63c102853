import { formats } from '../../formats/formats.ts';
import { type AnswerFormat, answerOptionTable } from '../../protocol/options/answer-option-table.ts';

/** What `POST /v1/transcriptions` can answer with: a job's events, or its transcript in one of the formats. */
export const answerFormats: readonly AnswerFormat[] = answerOptionTable.format.choices;

/** The answer's form: what the query names, else what the Accept header likes best of what there is, else JSON. */
export function answerFormat(accept: string | undefined, wanted: AnswerFormat | null): AnswerFormat {
  if (wanted !== null) return wanted;
  const known = mediaRanges(accept ?? '').flatMap(({ mediaType, quality }) => {
    const format = formatOf(mediaType);
    return format === undefined || quality === 0 ? [] : [{ format, quality }];
  });
  return known.sort((a, b) => b.quality - a.quality)[0]?.format ?? 'json';
}

function formatOf(mediaType: string): AnswerFormat | undefined {
  return answerFormats.find((format) => mediaTypeOf(format) === mediaType);
}

/** RFC 9110 §12.5.1, without wildcards: those mean JSON. */
function mediaRanges(accept: string) {
  return accept.split(',').map((range) => {
    const [mediaType = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    return { mediaType, quality: Number.isNaN(quality) ? 1 : quality };
  });
}

export function mediaTypeOf(format: AnswerFormat): string {
  return format === 'ndjson' ? 'application/x-ndjson' : formats[format].mediaType;
}
