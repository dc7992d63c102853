import type { Segment } from '../protocol/transcript.ts';
import type { Replacement } from '../protocol/words.ts';
import { capitalize } from './capitalize.ts';
import type { NameCorrector } from './correct-names.ts';
import { fillerDropper } from './drop-fillers.ts';
import { forbidsSpaceAfter, joinPieces } from './join-pieces.ts';
import { type Piece, saidPiece } from './pieces.ts';
import { punctuator } from './punctuate.ts';
import { phraseReplacer } from './replace-phrases.ts';
import { spokenPunctuation } from './spoken-punctuation.ts';
import { wordsOfPieces } from './words-of-pieces.ts';

/** Which parts of the clean-up are wanted. */
export interface CleanUpParts {
  readonly replaceWords: boolean;
  readonly spokenPunctuation: boolean;
  readonly dropFillers: boolean;
  readonly capitalStart: boolean;
}

/** Cleans the segments of one transcript, each once and in their order. */
export type CleanUp = (segment: Segment, language: string) => Segment;

type Step = (pieces: readonly Piece[]) => readonly Piece[];

/**
 * The list's replacements first, so that nothing after them changes what a person has chosen; then names of the
 * dictionary, spoken signs, filler words, and capitals. Each call of what it returns begins a transcript; a long list is
 * prepared once for all. A text that was cleaned is never taken back: what a segment becomes depends on those before it only.
 */
export function prepareCleanUp(
  parts: CleanUpParts,
  replacements: readonly Replacement[],
  correctNames: NameCorrector | null = null,
): () => CleanUp {
  const replace = parts.replaceWords ? phraseReplacer(replacements) : null;
  const steps = new Map<string, readonly Step[]>();

  function stepsFor(language: string): readonly Step[] {
    const known = steps.get(language);
    if (known !== undefined) return known;
    const made = [
      replace,
      correctNames?.(language) ?? null,
      parts.spokenPunctuation ? punctuator(language) : null,
      parts.dropFillers ? fillerDropper(language) : null,
    ].filter((step) => step !== null);
    steps.set(language, made);
    return made;
  }

  return () => {
    // Whoever speaks begins a sentence, whatever another one is saying.
    const bySpeaker = new Map<string | undefined, CleanUp>();
    return (segment, language) => {
      const clean = bySpeaker.get(segment.speaker) ?? createCleanUp(parts, stepsFor);
      bySpeaker.set(segment.speaker, clean);
      return clean(segment, language);
    };
  };
}

function createCleanUp(parts: CleanUpParts, stepsFor: (language: string) => readonly Step[]): CleanUp {
  let capitalIsDue = true;
  /** The last piece of the text so far. */
  let last: Piece | null = null;
  return (segment, language) => {
    const decoded = segment.text;
    let pieces: readonly Piece[] = [saidPiece(decoded)];
    for (const step of stepsFor(language)) pieces = step(pieces);
    if (parts.capitalStart) {
      const lowerCaseAfterComma = spokenPunctuation[language]?.lowerCaseAfterComma ?? false;
      const capitalized = capitalize(pieces, { isDue: capitalIsDue, lowerCaseAfterComma });
      pieces = capitalized.pieces;
      capitalIsDue = capitalized.isDue;
    }
    const joined = joinPieces(withoutSecondMarks(pieces, last), last !== null && forbidsSpaceAfter(last));
    const isEmpty = joined.every(({ text }) => /^[^\S\n]*$/u.test(text));
    last = isEmpty ? last : (joined.at(-1) ?? last);
    return {
      ...segment,
      text: isEmpty ? '' : textOf(joined),
      raw: decoded,
      ...(segment.words !== undefined && {
        words: isEmpty ? [] : [...wordsOfPieces(decoded, segment.words, joined)],
      }),
    };
  };
}

/**
 * Drops a spoken mark at the start of a segment if the segment before it ends with a decoded one, which stays; and a full
 * stop after another end of a sentence.
 */
function withoutSecondMarks(pieces: readonly Piece[], last: Piece | null): readonly Piece[] {
  let before = last;
  let isStart = true;
  return pieces.flatMap((piece) => {
    if (piece.text.trim() === '' && piece.kind === 'said') return [piece];
    const text = before?.text ?? '';
    const isSecond =
      piece.kind === 'mark' &&
      ((isStart && before?.kind === 'said' && /[!,.:;?…、。！？]$/u.test(text)) ||
        (/^[.。]/u.test(piece.text) && /[!.?…。！？]$/u.test(text)));
    before = piece;
    isStart = false;
    if (!isSecond) return [piece];
    return piece.text.endsWith('\n') ? [{ ...piece, text: '\n', kind: 'break' as const }] : [];
  });
}

function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}
