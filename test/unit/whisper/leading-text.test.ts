import { describe, expect, test } from '@jest/globals';
import { resolveOptions } from '../../../daemon/src/protocol/options/resolve-options.ts';
import type { TranscriptionOptions } from '../../../daemon/src/protocol/options/transcription-options.ts';
import { fitLeadingText } from '../../../daemon/src/whisper/leading-text.ts';
import { readVocabulary } from '../../engine/support/vocabulary.ts';

const { encode } = readVocabulary('multilingual', 51865);
const textContext = 448;
const fitted = (options: TranscriptionOptions) => fitLeadingText(encode, textContext, resolveOptions(options));
const words = (count: number, word = 'word') => Array.from({ length: count }, () => word).join(' ');
const codes = (options: TranscriptionOptions) => fitted(options).warnings.map(({ code }) => code);

test('what fits is left as it is, and nothing is said', () => {
  const { always, initial, warnings } = fitted({ hotwords: ' Ada ', initialPrompt: 'Names. ' });
  expect([always, initial, warnings]).toEqual([encode(' Ada'), encode(' Names.'), []]);
});

test('a blank prompt is none', () => {
  expect(fitted({ initialPrompt: '  ', hotwords: '' })).toMatchObject({ always: [], initial: [], warnings: [] });
});

test('of a long prompt its last 223 tokens are kept, as by the reference', () => {
  const initialPrompt = `${words(300)} end`;
  const { initial, warnings } = fitted({ initialPrompt });
  expect(initial).toEqual(encode(` ${initialPrompt}`).slice(-223));
  expect(warnings).toEqual([
    {
      code: 'initial-prompt-shortened',
      message: 'The initial prompt has 301 tokens, and the model takes 223: only its last 223 are used.',
    },
  ]);
});

test('of long hot words the first 223 tokens are kept', () => {
  const hotwords = `first ${words(300)}`;
  const { always, warnings } = fitted({ hotwords });
  expect(always).toEqual(encode(` ${hotwords}`).slice(0, 223));
  expect(warnings[0]?.message).toMatch(/^The hot words have 301 tokens, and the model takes 223/);
});

describe('prompt and hot words together', () => {
  test.each<[number, number, number, number, string[]]>([
    [400, 400, 112, 111, ['initial-prompt-shortened', 'hotwords-shortened']],
    [20, 400, 20, 203, ['hotwords-shortened']],
    [400, 20, 203, 20, ['initial-prompt-shortened']],
    [100, 100, 100, 100, []],
  ])('of %d and %d tokens share the room', (promptCount, hotwordCount, keptPrompt, keptHotwords, expected) => {
    const options = { initialPrompt: words(promptCount), hotwords: words(hotwordCount, 'name') };
    const { always, initial, longest } = fitted(options);
    expect(Math.abs(initial.length - keptPrompt)).toBeLessThanOrEqual(1);
    expect(Math.abs(always.length - keptHotwords)).toBeLessThanOrEqual(1);
    expect(initial.length + always.length).toBeLessThanOrEqual(longest);
    expect(codes(options)).toEqual(expected);
    expect(fitted({ ...options, carryInitialPrompt: true }).always).toEqual([...always, ...initial]);
  });
});

describe('a prefix', () => {
  test.each([1, 112])('of %d tokens is taken', (count) => {
    expect(() => fitted({ prefix: words(count) })).not.toThrow();
  });

  test.each([
    [113, '113'],
    [300, '300'],
    [3000, 'more than '],
  ])('of %d tokens is refused with the limit and what came', (count, told) => {
    expect(() => fitted({ prefix: words(count) })).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining(`Expected prefix to have at most 112 tokens, got ${told}`),
      }),
    );
  });
});

test('a text without a space is not encoded whole', () => {
  let encoded = 0;
  const counting = (text: string) => {
    encoded += text.length;
    return encode(text);
  };
  const text = '日本語'.repeat(200_000);
  const { warnings } = fitLeadingText(counting, textContext, resolveOptions({ initialPrompt: text, hotwords: text }));
  expect(encoded).toBeLessThan(10_000);
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/has more than \d+ tokens/),
    expect.stringMatching(/have more than \d+ tokens/),
  ]);
});
