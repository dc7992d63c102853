import type { WindowSegment } from './split-into-segments.ts';

/** A segment without length or text keeps its place and loses its tokens, so that no prompt carries them on. */
export function clearEmptySegments(segments: readonly WindowSegment[]): WindowSegment[] {
  return segments.map((segment) => {
    const empty = segment.startSeconds === segment.endSeconds || segment.text.trim() === '';
    if (!empty) return segment;
    return { ...segment, text: '', tokens: [], ...(segment.words && { words: [] }) };
  });
}
