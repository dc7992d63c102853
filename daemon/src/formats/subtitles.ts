import type { Segment, Transcript, Word } from '../protocol/transcript.ts';
import { cutIntoSubtitles } from './cut-into-subtitles.ts';
import { onOneLine } from './on-one-line.ts';
import { strip } from './strip.ts';
import { toMilliseconds } from './to-milliseconds.ts';
import type { SubtitleLayout } from './transcript-format.ts';

/** SubRip subtitles (openai/whisper utils.py `WriteSRT`). */
export function writeSrt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = cuesOfAll(onOneLine(segments), layout, { alwaysIncludeHours: true, decimalMarker: ',' });
  return cues
    .map(({ start, end, text, speaker }, index) => {
      const name = speaker === undefined ? '' : `${speaker}: `;
      return `${index + 1}\n${start} --> ${end}\n${name}${text}\n\n`;
    })
    .join('');
}

/** WebVTT subtitles (openai/whisper utils.py `WriteVTT`), with voices where it is told who speaks. */
export function writeVtt({ segments }: Transcript, layout: SubtitleLayout = {}): string {
  const cues = cuesOfAll(onOneLine(segments), layout, { alwaysIncludeHours: false, decimalMarker: '.' });
  const lines = cues.map(({ start, end, text, speaker }) => {
    const voice = speaker === undefined ? '' : `<v ${speaker.replace(/[&<>\n]/g, (sign) => escapes[sign] ?? ' ')}>`;
    return `${start} --> ${end}\n${voice}${text}\n\n`;
  });
  return ['WEBVTT\n\n', ...lines].join('');
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Each speaker has subtitles of their own, which may overlap. Those of all come in the order in which they begin. */
function cuesOfAll(segments: readonly Segment[], layout: SubtitleLayout, style: SubtitleTimeStyle) {
  const bySpeaker = Map.groupBy(segments, ({ speaker }) => speaker);
  const cues = [...bySpeaker].flatMap(([speaker, own]) => {
    return subtitleCues(own, layout, style).map((cue) => ({ ...cue, speaker }));
  });
  return bySpeaker.size < 2 ? cues : cues.toSorted((left, right) => left.startSeconds - right.startSeconds);
}

interface SubtitleCue {
  readonly startSeconds: number;
  readonly start: string;
  readonly end: string;
  readonly text: string;
}

/** openai/whisper utils.py `SubtitlesWriter.iterate_result`: by words if the transcript has them, otherwise by segments. */
function subtitleCues(segments: readonly Segment[], layout: SubtitleLayout, style: SubtitleTimeStyle): SubtitleCue[] {
  const time = (seconds: number) => subtitleTime(seconds, style);
  if (segments[0]?.words === undefined) {
    return segments.map(({ start, end, text }) => ({
      startSeconds: start,
      start: time(start),
      end: time(end),
      text: strip(text).replaceAll('-->', '->'),
    }));
  }
  return cutIntoSubtitles(segments, layout).flatMap((words) => {
    if (layout.highlightWords) return highlightedCues(words, time);
    const first = words[0] as Word;
    const last = words.at(-1) as Word;
    const text = words.map(({ word }) => word).join('');
    return [{ startSeconds: first.start, start: time(first.start), end: time(last.end), text }];
  });
}

/** One cue per word, with the word underlined, and one for each pause between words. */
function highlightedCues(words: readonly Word[], time: (seconds: number) => string): SubtitleCue[] {
  const cues: SubtitleCue[] = [];
  let lastSeconds = (words[0] as Word).start;
  for (const [index, word] of words.entries()) {
    const start = time(word.start);
    const end = time(word.end);
    const last = time(lastSeconds);
    if (last !== start) {
      const plain = words.map((each) => each.word).join('');
      cues.push({ startSeconds: lastSeconds, start: last, end: start, text: plain });
    }
    const text = words.map((each, i) => (i === index ? underline(each.word) : each.word)).join('');
    cues.push({ startSeconds: word.start, start, end, text });
    lastSeconds = word.end;
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
