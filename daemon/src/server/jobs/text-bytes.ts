import type { Transcript } from '../../protocol/transcript.ts';

/** About what V8 takes for a segment, each of its tokens and each of its words. */
const bytesOf = { segment: 600, token: 8, word: 180 };

/** About what a transcript takes in memory. Ten hours of speech with word times: 20 MB. */
export function textBytes({ text, segments }: Transcript): number {
  return segments.reduce(
    (sum, { tokens, words = [] }) =>
      sum + bytesOf.segment + tokens.length * bytesOf.token + words.length * bytesOf.word,
    2 * text.length,
  );
}
