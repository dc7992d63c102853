import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';

/** A segment with so many tokens of text between two timestamps. */
export const segmentOfTokens = (startSeconds: number, endSeconds: number, tokenCount: number): WindowSegment => ({
  seek: 0,
  startSeconds,
  endSeconds,
  text: ' text',
  tokens: [50364, ...Array.from({ length: tokenCount }, () => 1), 50400],
  temperature: 0,
  avgLogprob: -0.2,
  compressionRatio: 1,
  noSpeechProb: 0,
});
