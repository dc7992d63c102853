import type { Segment } from '../protocol/transcript.ts';

/** Segments for formats in which a line break means something else: dictated ones are spaces, and empty segments are gone. */
export function onOneLine(segments: readonly Segment[]): readonly Segment[] {
  return segments.flatMap((segment) => {
    if (segment.raw === undefined) return [segment];
    if (segment.text.trim() === '') return [];
    const words = segment.words?.map((word) => ({ ...word, word: withSpaces(word.word) }));
    return [{ ...segment, text: withSpaces(segment.text), ...(words !== undefined && { words }) }];
  });
}

function withSpaces(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
