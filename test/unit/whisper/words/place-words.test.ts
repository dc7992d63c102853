import { expect, test } from '@jest/globals';
import { resolveOptions } from '../../../../daemon/src/protocol/options/resolve-options.ts';
import { mergePunctuations } from '../../../../daemon/src/whisper/words/merge-punctuations.ts';
import { placeWords } from '../../../../daemon/src/whisper/words/place-words.ts';
import { medianWordSeconds, shortenAtSentenceEnds } from '../../../../daemon/src/whisper/words/word-durations.ts';
import { wordsOracle } from './words-oracle.ts';

/** openai/whisper timing.py `add_word_timestamps` from its alignment on. */
const { prependPunctuations, appendPunctuations } = resolveOptions({});

test.each(wordsOracle.placements.map((each, index) => ({ ...each, index })))(
  'the words of alignment $index have the times of openai/whisper',
  ({ segments, alignment, lastSpeechSeconds, placed }) => {
    const medianSeconds = medianWordSeconds(alignment);
    const ours = placeWords({
      segments: segments.map(({ start, end, tokens }) => ({
        startSeconds: start,
        endSeconds: end,
        textTokens: tokens,
      })),
      timings: mergePunctuations(
        shortenAtSentenceEnds(alignment, medianSeconds),
        prependPunctuations,
        appendPunctuations,
      ),
      windowStartSeconds: (segments[0]?.seek ?? 0) / 100,
      lastSpeechSeconds,
      medianSeconds,
    });
    for (const [i, segment] of placed.entries()) {
      expect(ours[i]?.startSeconds).toBeCloseTo(segment.start, 6);
      expect(ours[i]?.endSeconds).toBeCloseTo(segment.end, 6);
      expect(ours[i]?.words.map(({ word }) => word)).toEqual(segment.words.map(({ word }) => word));
      for (const [j, word] of segment.words.entries()) {
        expect(ours[i]?.words[j]?.startSeconds).toBeCloseTo(word.start, 6);
        expect(ours[i]?.words[j]?.endSeconds).toBeCloseTo(word.end, 6);
      }
    }
  },
);
