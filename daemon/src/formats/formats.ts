import type { AnswerFormat } from '../protocol/options/answer-option-table.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { writeLrc } from './lrc.ts';
import { writeMarkdown } from './markdown.ts';
import { onOneLine } from './on-one-line.ts';
import { segmentLine } from './segment-line.ts';
import { strip } from './strip.ts';
import { writeSrt, writeVtt } from './subtitles.ts';
import { toMilliseconds } from './to-milliseconds.ts';
import type { TranscriptFormat } from './transcript-format.ts';
import { writeDocx } from './write-docx.ts';

/** A way to write a transcript; `ndjson` is the stream of a job's events. */
export type FormatName = TextFormatName | 'docx';
export type TextFormatName = Exclude<AnswerFormat, 'ndjson'>;

/** All formats, by the name used in options and file extensions. */
export const formats = {
  txt: { mediaType: 'text/plain', extension: 'txt', write: writeTxt },
  srt: { mediaType: 'application/x-subrip', extension: 'srt', write: writeSrt },
  vtt: { mediaType: 'text/vtt', extension: 'vtt', write: writeVtt },
  tsv: { mediaType: 'text/tab-separated-values', extension: 'tsv', write: writeTsv },
  json: { mediaType: 'application/json', extension: 'json', write: (transcript) => JSON.stringify(transcript) },
  md: { mediaType: 'text/markdown', extension: 'md', write: writeMarkdown },
  lrc: { mediaType: 'application/x-lrc', extension: 'lrc', write: writeLrc },
  docx: {
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extension: 'docx',
    write: writeDocx,
  },
} as const satisfies Readonly<Record<FormatName, TranscriptFormat>>;

/** The formats that are text: all but those that only a program reads. */
export const textFormatNames = (Object.keys(formats) as FormatName[]).filter((name) => name !== 'docx');

/** One line per segment (openai/whisper utils.py `WriteTXT`). */
function writeTxt({ segments }: Transcript): string {
  return segments.map(segmentLine).join('');
}

/** Start and end in whole milliseconds, and the text (openai/whisper utils.py `WriteTSV`); who speaks, if it is told. */
function writeTsv({ segments }: Transcript): string {
  const hasSpeakers = segments.some(({ speaker }) => speaker !== undefined);
  const lines = onOneLine(segments).map(({ start, end, text, speaker = '' }) => {
    const texts = hasSpeakers ? [text, speaker] : [text];
    const cells = [
      toMilliseconds(start),
      toMilliseconds(end),
      ...texts.map((cell) => strip(cell).replaceAll('\t', ' ')),
    ];
    return `${cells.join('\t')}\n`;
  });
  return [`start\tend\ttext${hasSpeakers ? '\tspeaker' : ''}\n`, ...lines].join('');
}
