import type { Segment, Transcript, Word } from '../protocol/transcript.ts';
import { cutIntoSubtitles } from './cut-into-subtitles.ts';
import { onOneLine } from './on-one-line.ts';
import { strip } from './strip.ts';
import { toMilliseconds } from './to-milliseconds.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** SubRip subtitles (openai/whisper utils.py `WriteSRT`). */
export function writeSrt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = subtitleCues(onOneLine(segments), layout, { alwaysIncludeHours: true, decimalMarker: ',' });
  return cues.map(({ start, end, text }, index) => `${index + 1}\n${start} --> ${end}\n${text}\n\n`).join('');
}

/** WebVTT subtitles (openai/whisper utils.py `WriteVTT`). */
export function writeVtt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = subtitleCues(onOneLine(segments), layout, { alwaysIncludeHours: false, decimalMarker: '.' });
  return ['WEBVTT\n\n', ...cues.map(({ start, end, text }) => `${start} --> ${end}\n${text}\n\n`)].join('');
}

interface SubtitleCue {
  readonly start: string;
  readonly end: string;
  readonly text: string;
}

/** openai/whisper utils.py `SubtitlesWriter.iterate_result`: by words if the transcript has them, otherwise by segments. */
function subtitleCues(segments: readonly Segment[], layout: SubtitleLayout, style: SubtitleTimeStyle): SubtitleCue[] {
  const time = (seconds: number) => subtitleTime(seconds, style);
  if (segments[0]?.words === undefined) {
    return segments.map(({ start, end, text }) => ({
      start: time(start),
      end: time(end),
      text: strip(text).replaceAll('-->', '->'),
    }));
  }
  return cutIntoSubtitles(segments, layout).flatMap((words) => {
    if (layout.highlightWords) return highlightedCues(words, time);
    const first = words[0] as Word;
    const last = words.at(-1) as Word;
    return [{ start: time(first.start), end: time(last.end), text: words.map(({ word }) => word).join('') }];
  });
}

/** One cue per word, with the word underlined, and one for each pause between words. */
function highlightedCues(words: readonly Word[], time: (seconds: number) => string): SubtitleCue[] {
  const cues: SubtitleCue[] = [];
  let last = time((words[0] as Word).start);
  for (const [index, word] of words.entries()) {
    const start = time(word.start);
    const end = time(word.end);
    if (last !== start) cues.push({ start: last, end: start, text: words.map((each) => each.word).join('') });
    const text = words.map((each, i) => (i === index ? underline(each.word) : each.word)).join('');
    cues.push({ start, end, text });
    last = end;
  }
  return cues;
}

function underline(word: string): string {
  return word.replace(/^(\s*)(.*)$/, '$1<u>$2</u>');
}

interface SubtitleTimeStyle {
  readonly alwaysIncludeHours: boolean;
  readonly decimalMarker: ',' | '.';
}

/** `01:02:03,456` (openai/whisper utils.py `format_timestamp`). */
function subtitleTime(seconds: number, style: SubtitleTimeStyle): string {
  const milliseconds = toMilliseconds(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const hours = milliseconds / 3_600_000;
  const hoursPart = style.alwaysIncludeHours || hours >= 1 ? `${two(hours)}:` : '';
  const rest = `${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}`;
  return `${hoursPart}${rest}${style.decimalMarker}${String(milliseconds % 1000).padStart(3, '0')}`;
}
