import { type FormatName, formats, isFormatName } from '../formats/formats.ts';

export type AnswerFormat = FormatName | 'ndjson';

const ndjsonMediaType = 'application/x-ndjson';

/** The answer's form: what the query names, else the first media type of the Accept header that there is, else JSON. */
export function answerFormat(accept: string | undefined, wanted: string | undefined): AnswerFormat {
  if (wanted === 'ndjson') return wanted;
  if (wanted !== undefined && isFormatName(wanted)) return wanted;
  for (const range of (accept ?? '').split(',')) {
    const mediaType = range.split(';')[0]?.trim().toLowerCase();
    if (mediaType === ndjsonMediaType) return 'ndjson';
    const name = Object.keys(formats).find((each) => formats[each as FormatName].mediaType === mediaType);
    if (name !== undefined) return name as FormatName;
  }
  return 'json';
}

export function mediaTypeOf(format: AnswerFormat): string {
  return format === 'ndjson' ? ndjsonMediaType : `${formats[format].mediaType}; charset=utf-8`;
}
