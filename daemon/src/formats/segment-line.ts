import type { Segment } from '../protocol/transcript.ts';
import { strip } from './strip.ts';

/** The line of a segment in plain text, behind the speaker's name where there is one; of a cleaned one the lines that were dictated, or nothing. */
export function segmentLine({ text, raw, speaker }: Segment): string {
  const name = speaker === undefined ? '' : `${speaker}: `;
  if (raw === undefined) return `${name}${strip(text)}\n`;
  const line = text.replace(/^[^\S\n]+|[^\S\n]+$/g, '');
  // The segment itself is a line: one line break at its edge is no more than that.
  return line === '' ? '' : `${name}${line.replace(/^\n/, '').replace(/\n$/, '')}\n`;
}
