import type { Segment } from '../protocol/transcript.ts';
import { strip } from './strip.ts';

/** The line of a segment in plain text; of a cleaned one the lines that were dictated, or nothing. */
export function segmentLine({ text, raw }: Segment): string {
  if (raw === undefined) return `${strip(text)}\n`;
  const line = text.replace(/^[^\S\n]+|[^\S\n]+$/g, '');
  // The segment itself is a line: one line break at its edge is no more than that.
  return line === '' ? '' : `${line.replace(/^\n/, '').replace(/\n$/, '')}\n`;
}
