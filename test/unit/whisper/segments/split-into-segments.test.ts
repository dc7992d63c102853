import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { splitIntoSegments } from '../../../../daemon/src/whisper/segments/split-into-segments.ts';
import { createTokenizer } from '../../../../daemon/src/whisper/tokenizer/tokenizer.ts';
import { createVocabulary } from '../../../../daemon/src/whisper/tokenizer/vocabulary.ts';

const file = readFileSync(new URL('../../../../assets/tokenizer/multilingual.tiktoken', import.meta.url));
const tokenizer = createTokenizer(createVocabulary(file, 51865), { language: 'en', task: 'transcribe' });
const window = { seekFrames: 1000, contentFrames: 2500 };
const one = tokenizer.encode(' one');
const two = tokenizer.encode(' two');
const at = (seconds: number) => tokenizer.special.timestampBegin + Math.round(seconds / 0.02);

/** Times and texts of the segments, and where the next window starts; worked out by hand from transcribe.py. */
test.each<[string, number[], [number, number, string][], number]>([
  ['an unfinished segment is left to the next window', [at(0), ...one, at(4), at(5), ...two], [[10, 14, ' one']], 1400],
  [
    'two timestamps at the end leave what follows to the next window',
    [at(0), ...one, at(4), at(4), ...two, at(7), at(7)],
    [
      [10, 14, ' one'],
      [14, 17, ' two'],
    ],
    1700,
  ],
  [
    'a single timestamp at the end finishes the window',
    [at(0), ...one, at(4), at(6), ...two, at(7)],
    [
      [10, 14, ' one'],
      [16, 17, ' two'],
    ],
    3500,
  ],
  ['a lone segment ends at its last timestamp', [at(2), ...one, at(4)], [[10, 14, ' one']], 3500],
  ['a lone segment without an end lasts as long as the sound', [at(0), ...one], [[10, 35, ' one']], 3500],
  ['text without timestamps lasts as long as the sound', [...one], [[10, 35, ' one']], 3500],
  ['no token at all is a segment without text', [], [[10, 35, '']], 3500],
  ['a pair at the very start does not hold the next window back', [at(0), at(0), ...one], [[10, 10, '']], 3500],
])('%s', (_, tokens, segments, nextSeekFrames) => {
  const result = { tokens, text: '', avgLogprob: -0.5, noSpeechProb: 0.1, temperature: 0, compressionRatio: 1 };
  const split = splitIntoSegments(result, window, tokenizer);
  expect(split.segments.map((each) => [each.startSeconds, each.endSeconds, each.text])).toEqual(segments);
  expect(split.nextSeekFrames).toBe(nextSeekFrames);
});

/** Nobody speaks where the window ends: what is said in it is whole. */
test.each<[string, number[], [number, number, string][], number]>([
  [
    'an unfinished segment ends with the window',
    [at(0), ...one, at(4), at(5), ...two],
    [
      [10, 14, ' one'],
      [15, 35, ' two'],
    ],
    3500,
  ],
  ['two timestamps at the end still leave what follows', [at(0), ...one, at(4), at(4)], [[10, 14, ' one']], 1400],
  [
    'no time lies after the end',
    [at(0), ...one, at(4), at(24), ...two, at(29)],
    [
      [10, 14, ' one'],
      [34, 35, ' two'],
    ],
    3500,
  ],
])('in a window that ends in a pause, %s', (_, tokens, segments, nextSeekFrames) => {
  const result = { tokens, text: '', avgLogprob: -0.5, noSpeechProb: 0.1, temperature: 0, compressionRatio: 1 };
  const split = splitIntoSegments(result, { ...window, endsInPause: true }, tokenizer);
  expect(split.segments.map((each) => [each.startSeconds, each.endSeconds, each.text])).toEqual(segments);
  expect(split.nextSeekFrames).toBe(nextSeekFrames);
});

/** A part of a batch: its text was not let end before the speech did. */
test.each<[string, number[], { cutShort?: true; loopCollapsed?: true }, number]>([
  ['the rest is not heard again', [at(0), ...one, at(24), at(24)], {}, 3500],
  [
    'of a text that got as long as it may, the rest is',
    [at(0), ...one, at(4), at(5), ...two],
    { cutShort: true },
    1400,
  ],
  [
    'a loop that was cut counts as whole',
    [at(0), ...one, at(4), at(5), ...two],
    { cutShort: true, loopCollapsed: true },
    3500,
  ],
])('in a window whose text reaches the end of speech, %s', (_, tokens, ending, nextSeekFrames) => {
  const result = { tokens, text: '', avgLogprob: -0.5, noSpeechProb: 0.1, temperature: 0, compressionRatio: 1 };
  const ended = { ...window, endsInPause: true, speechUntilFrames: 3400 };
  expect(splitIntoSegments({ ...result, ...ending }, ended, tokenizer).nextSeekFrames).toBe(nextSeekFrames);
});
