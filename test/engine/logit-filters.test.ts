import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LogitFilters } from '../../native/index.ts';
import { filterLogits } from '../../native/testing.ts';
import { filteredByTheBook } from './support/timestamp-rules.ts';

/** A vocabulary in Whisper's order: text, end of text, special tokens, no timestamps, timestamps. */
const vocabulary = { text: 20, endOfText: 20, noTimestamps: 24, timestampBegin: 25, size: 60 };
const timestampRules = {
  timestampBegin: vocabulary.timestampBegin,
  noTimestamps: vocabulary.noTimestamps,
  endOfText: vocabulary.endOfText,
  maxInitialTimestampIndex: 10,
};

const logitsOf = fc.array(fc.double({ min: -12, max: 12, noNaN: true }), {
  minLength: vocabulary.size,
  maxLength: vocabulary.size,
});
const token = fc.integer({ min: 0, max: vocabulary.size - 1 });
const sampledTokens = fc.array(
  fc.oneof(token, fc.integer({ min: vocabulary.timestampBegin, max: vocabulary.size - 1 })),
  { maxLength: 6 },
);
const filterSettings: fc.Arbitrary<LogitFilters> = fc.record({
  suppressAtBegin: fc.array(token, { maxLength: 3 }),
  suppress: fc.array(token, { maxLength: 5 }),
  timestampRules: fc.oneof(
    fc.constant(null),
    fc.constant(timestampRules),
    fc.constant({ ...timestampRules, maxInitialTimestampIndex: null }),
  ),
});

/** Before all timestamps, or among them. */
const speechEnds = fc.integer({ min: vocabulary.timestampBegin - 1, max: vocabulary.size });

test('every history of tokens is filtered as the reference table says', () => {
  fc.assert(
    fc.property(filterSettings, speechEnds, sampledTokens, logitsOf, (filters, speechUntil, sampled, values) => {
      const logits = Float32Array.from(values);
      const filtered = [...filterLogits({ filters, speechUntil, sampled, logits })];
      expect(filtered).toEqual(filteredByTheBook({ filters, speechUntil, sampled, logits }));
    }),
    { numRuns: 3000 },
  );
});

/** The three kinds of token that the rules tell apart. */
const kinds = { text: 3, firstTimestamp: vocabulary.timestampBegin, laterTimestamp: vocabulary.timestampBegin + 7 };

test.each(Object.keys(kinds).flatMap((penultimate) => Object.keys(kinds).map((last) => [penultimate, last] as const)))(
  'after %s and %s the allowed tokens are those of the table',
  (penultimate, last) => {
    const filters: LogitFilters = { suppressAtBegin: [], suppress: [], timestampRules };
    const sampled = [vocabulary.timestampBegin, 5, kinds[penultimate as 'text'], kinds[last as 'text']];
    for (const favoured of [3, vocabulary.endOfText, vocabulary.timestampBegin + 20]) {
      const logits = new Float32Array(vocabulary.size).fill(-4);
      logits[favoured] = 9;
      expect([...filterLogits({ filters, sampled, logits })]).toEqual(
        filteredByTheBook({ filters, speechUntil: 0, sampled, logits }),
      );
    }
  },
);

test.each<[string, readonly number[], number]>([
  ['that closes early', [25, 5, 40], 40],
  ['that is opened and left empty', [25, 5, 40, 40], 0],
])('where somebody speaks later, a text does not end with a segment %s', (_, sampled, firstAllowed) => {
  const filters: LogitFilters = { suppressAtBegin: [], suppress: [], timestampRules };
  const logits = new Float32Array(vocabulary.size).fill(-4);
  logits[vocabulary.endOfText] = 9;
  const filtered = (speechUntil: number) => filterLogits({ filters, speechUntil, sampled, logits });
  expect(filtered(40)[vocabulary.endOfText]).toBe(9);
  expect(filtered(41)[vocabulary.endOfText]).toBe(-Infinity);
  expect(filtered(41).findIndex((logit) => logit > -Infinity)).toBe(firstAllowed);
});
