import type { Segment, Word } from '../protocol/transcript.ts';
import { cutIntoSubtitles } from './cut-into-subtitles.ts';
import { strip } from './strip.ts';
import { type SubtitleTimeStyle, subtitleTime } from './subtitle-time.ts';
import type { SubtitleLayout } from './transcript-format.ts';

export interface SubtitleCue {
  readonly start: string;
  readonly end: string;
  readonly text: string;
}

/** openai/whisper utils.py `SubtitlesWriter.iterate_result`: by words where the transcript has them, else by segments. */
export function subtitleCues(
  segments: readonly Segment[],
  layout: SubtitleLayout,
  style: SubtitleTimeStyle,
): SubtitleCue[] {
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

/** A cue per word, which is underlined in it, and one for each pause between words. */
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
