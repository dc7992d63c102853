import type { Transcript } from '../protocol/transcript.ts';
import { strip } from './strip.ts';
import { type TranscriptOrigin, titleOf } from './transcript-facts.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** A pause in which a player shows nothing. */
const pauseSeconds = 4;

/** Lyrics for players: a time in hundredths and a line for each segment. */
export function writeLrc(
  { segments, duration }: Transcript,
  _layout?: SubtitleLayout,
  origin?: TranscriptOrigin,
): string {
  const title = origin === undefined || origin.name === null ? [] : [`[ti:${lineOf(titleOf(origin))}]\n`];
  const lines = segments.map(({ start, end, text, speaker }, index) => {
    const next = segments[index + 1];
    const isPause = next !== undefined && next.start - end >= pauseSeconds;
    const name = speaker === undefined ? '' : `${lineOf(speaker)}: `;
    return `[${lrcTime(start)}]${name}${lineOf(text)}\n${isPause ? `[${lrcTime(end)}]\n` : ''}`;
  });
  return [...title, `[length:${lrcTime(duration).slice(0, -3)}]\n`, ...lines].join('');
}

/** A bracket at the start would be a time or a tag. */
function lineOf(text: string): string {
  return strip(text.replace(/\s+/g, ' ')).replace(/^\[/, '(');
}

/** `63:05.20`: minutes may have more than two digits. */
function lrcTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(hundredths / 6000))}:${two(Math.floor((hundredths % 6000) / 100))}.${two(hundredths % 100)}`;
}
