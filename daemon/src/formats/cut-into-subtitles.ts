import type { Segment, Word } from '../protocol/transcript.ts';
import { strip } from './strip.ts';
import type { SubtitleLayout } from './transcript-format.ts';

const unlimited = 1000;
const longPauseSeconds = 3;
/** Each highlighted word repeats its whole subtitle. Without a limit, an hour of speech would become a gigabyte. */
const mostHighlightedWords = 100;

/**
 * Groups words into subtitles and inserts line breaks (openai/whisper utils.py `iterate_subtitles`). Segments are only
 * joined if both the width and the number of lines are given. If words are also highlighted, a subtitle has a hundred
 * words at most.
 */
export function cutIntoSubtitles(segments: readonly Segment[], layout: SubtitleLayout): Word[][] {
  const { maxLineCount, highlightWords = false } = layout;
  const keepSegments = maxLineCount === undefined || layout.maxLineWidth === undefined;
  const maxLineWidth = layout.maxLineWidth ?? unlimited;
  const maxWordsPerLine = layout.maxWordsPerLine ?? unlimited;
  const subtitles: Word[][] = [];
  let subtitle: Word[] = [];
  let lineLength = 0;
  let lineCount = 1;
  let lastStart = firstStart(segments);

  for (const segment of segments) {
    for (const [index, word] of (segment.words ?? []).entries()) {
      const startsChunk = index % maxWordsPerLine === 0;
      const longPause = !keepSegments && word.start - lastStart > longPauseSeconds;
      const hasRoom = lineLength + characters(word.word) <= maxLineWidth;
      const segmentBreak = startsChunk && subtitle.length > 0 && keepSegments;
      const isLong = highlightWords && !keepSegments && subtitle.length >= mostHighlightedWords;
      if (lineLength > 0 && hasRoom && !longPause && !segmentBreak && !isLong) {
        lineLength += characters(word.word);
        subtitle.push(word);
      } else {
        const text = strip(word.word);
        const full = maxLineCount !== undefined && (longPause || isLong || lineCount >= maxLineCount);
        let lineBreak = '';
        if ((subtitle.length > 0 && full) || segmentBreak) {
          subtitles.push(subtitle);
          subtitle = [];
          lineCount = 1;
        } else if (lineLength > 0) {
          lineCount += 1;
          lineBreak = '\n';
        }
        lineLength = characters(text);
        subtitle.push({ ...word, word: lineBreak + text });
      }
      lastStart = word.start;
    }
  }
  if (subtitle.length > 0) subtitles.push(subtitle);
  return subtitles;
}

function firstStart(segments: readonly Segment[]): number {
  const firstWord = segments.flatMap((segment) => segment.words ?? [])[0];
  return firstWord?.start ?? segments[0]?.start ?? 0;
}

/** Python counts characters, not UTF-16 units. */
function characters(text: string): number {
  return [...text].length;
}
