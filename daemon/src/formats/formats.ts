import type { AnswerFormat } from '../protocol/options/answer-option-table.ts';
import { writeJson } from './json.ts';
import { writeSrt } from './srt.ts';
import type { TranscriptFormat } from './transcript-format.ts';
import { writeTsv } from './tsv.ts';
import { writeTxt } from './txt.ts';
import { writeVtt } from './vtt.ts';

/** A way to write a transcript; `ndjson` is the stream of a job's events. */
export type FormatName = Exclude<AnswerFormat, 'ndjson'>;

/** Every format by the name that options and file extensions use. */
export const formats = {
  txt: { mediaType: 'text/plain', extension: 'txt', write: writeTxt },
  srt: { mediaType: 'application/x-subrip', extension: 'srt', write: writeSrt },
  vtt: { mediaType: 'text/vtt', extension: 'vtt', write: writeVtt },
  tsv: { mediaType: 'text/tab-separated-values', extension: 'tsv', write: writeTsv },
  json: { mediaType: 'application/json', extension: 'json', write: writeJson },
} as const satisfies Readonly<Record<FormatName, TranscriptFormat>>;
