import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { missedSpeech, totalSeconds } from '../../../../daemon/src/whisper/recovery/missed-speech.ts';
import type { SpeechRange } from '../../../../daemon/src/whisper/voice-activity/speech-ranges.ts';

const range = (startSeconds: number, endSeconds: number): SpeechRange => ({ startSeconds, endSeconds });
const region = range(0, 30);
const missed = (spoken: readonly SpeechRange[], covered: readonly SpeechRange[], within = region) =>
  missedSpeech({ spoken, covered, region: within });

describe('speech is missed', () => {
  test.each<[string, SpeechRange[], SpeechRange[], SpeechRange[]]>([
    ['where no text is', [range(2, 8)], [], [range(2, 8)]],
    ['behind a text', [range(0, 20)], [range(0, 5)], [range(5.25, 20)]],
    ['before a text', [range(0, 20)], [range(10, 20)], [range(0, 9.75)]],
    ['between two', [range(0, 20)], [range(0, 5), range(10, 20)], [range(5.25, 9.75)]],
    ['in words with pauses as one', [range(1, 1.6), range(2, 2.6), range(3, 3.6)], [], [range(1, 3.6)]],
    ['in two places', [range(1, 3), range(6, 8)], [], [range(1, 3), range(6, 8)]],
    ['on both sides of a text', [range(0, 3), range(4, 7)], [range(3.2, 3.8)], [range(0, 2.95), range(4.05, 7)]],
  ])('%s', (_, spoken, covered, expected) => {
    const found = missed(spoken, covered);
    expect(found).toHaveLength(expected.length);
    for (const [i, { startSeconds, endSeconds }] of expected.entries()) {
      expect(found[i]?.startSeconds).toBeCloseTo(startSeconds, 6);
      expect(found[i]?.endSeconds).toBeCloseTo(endSeconds, 6);
    }
  });

  test('only where it is looked for', () => {
    expect(missed([range(0, 60)], [], range(20, 25))).toEqual([range(20, 25)]);
  });
});

describe('speech is not missed', () => {
  test.each<[string, SpeechRange[], SpeechRange[]]>([
    ['under a text', [range(2, 8)], [range(2, 8)]],
    ['where a time is loose', [range(0, 10)], [range(0.9, 9.1)]],
    ['that takes less than a second', [range(2, 2.9)], []],
    ['where nobody speaks', [], []],
  ])('%s', (_, spoken, covered) => {
    expect(missed(spoken, covered)).toEqual([]);
  });
});

test('what is found lies in the speech that was looked at, and covering it leaves nothing', () => {
  const ranges = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 8 })), { maxLength: 6 })
    .map((pairs) => {
      let at = 0;
      return pairs.map(([gap, length]) => {
        at += gap / 4;
        const start = at;
        at += length / 2;
        return range(start, at);
      });
    });
  fc.assert(
    fc.property(ranges, ranges, (spoken, covered) => {
      const found = missed(spoken, covered);
      expect(totalSeconds(found)).toBeLessThanOrEqual(30);
      for (const each of found) {
        expect(each.startSeconds).toBeGreaterThanOrEqual(0);
        expect(each.endSeconds).toBeLessThanOrEqual(30);
      }
      expect(missed(spoken, [...covered, ...found])).toEqual([]);
    }),
  );
});
