import { lettersOf } from '../recovery/repeats-neighbour.ts';

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/**
 * Characters at the beginning of a text that an earlier one of the same sound has too, whole words only; case, spaces and
 * punctuation make no difference (LocalAgreement-2 of Macháček, Dabre and Bojar, "Turning Whisper into Real-Time
 * Transcription System").
 */
export function agreedLength(text: string, earlier: string): number {
  const theirs = lettersOf(earlier);
  const theirEnds = new Set(wordEnds(earlier).map(({ letters }) => letters.length));
  let length = 0;
  for (const { letters, end } of wordEnds(text)) {
    if (!theirs.startsWith(letters)) break;
    if (theirEnds.has(letters.length)) length = end;
  }
  return length;
}

/** For each word, space and sign where it ends, with all letters until then. */
function wordEnds(text: string): { readonly letters: string; readonly end: number }[] {
  let letters = '';
  return Array.from(words.segment(text), ({ segment, index }) => {
    letters += lettersOf(segment);
    return { letters, end: index + segment.length };
  });
}
