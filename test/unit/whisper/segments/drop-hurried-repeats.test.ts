import { expect, test } from '@jest/globals';
import { dropHurriedRepeats } from '../../../../daemon/src/whisper/segments/drop-hurried-repeats.ts';
import type { WindowSegment } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';

const timestampBegin = 50_364;
const window = { seekFrames: 0, contentFrames: 900 };

const segment = (
  text: string,
  startSeconds: number,
  endSeconds: number,
  writtenEndSeconds?: number,
): WindowSegment => ({
  seek: 0,
  startSeconds,
  endSeconds,
  text,
  tokens: [1, timestampBegin + Math.round((writtenEndSeconds ?? endSeconds) / 0.02)],
  temperature: 0,
  avgLogprob: -0.2,
  compressionRatio: 1,
  noSpeechProb: 0,
});
const textsOf = (segments: readonly WindowSegment[]) =>
  dropHurriedRepeats(segments, window, timestampBegin).map(({ text }) => text);

test.each<[string, WindowSegment[], string[]]>([
  ['the same in far less time', [segment(' One. And two.', 0, 7), segment(' one and two', 7, 9)], [' One. And two.']],
  [
    'the same, counted, in far less time',
    [segment(' 1. From fairest creatures we desire.', 0, 7), segment(' 2. From fairest creatures we desire.', 7, 9)],
    [' 1. From fairest creatures we desire.'],
  ],
  [
    'the same, counted, in the same time',
    [segment(' 1. From fairest creatures we desire.', 0, 4), segment(' 2. From fairest creatures we desire.', 4, 8)],
    [' 1. From fairest creatures we desire.', ' 2. From fairest creatures we desire.'],
  ],
  ['numbers', [segment(' 1. Yes.', 0, 3), segment(' 2. Yes.', 3, 4)], [' 1. Yes.', ' 2. Yes.']],
  ['the same in the same time', [segment(' No.', 0, 1), segment(' No.', 1, 2)], [' No.', ' No.']],
  [
    'another text in less time',
    [segment(' One and two.', 0, 7), segment(' Three.', 7, 8)],
    [' One and two.', ' Three.'],
  ],
  [
    'its end until after the window',
    [segment(' Let me see how can I begin?', 0, 7), segment(' How can I begin?', 7, 9, 10)],
    [' Let me see how can I begin?'],
  ],
  ['its last word', [segment(' I say no.', 0, 3), segment(' No.', 3, 3.5)], [' I say no.', ' No.']],
  ['no text', [segment(' One.', 0, 7), segment('', 7, 8)], [' One.', '']],
])('%s', (_, segments, expected) => {
  expect(textsOf(segments)).toEqual(expected);
});
