import { fillerWords } from './filler-words.ts';
import { type FoundPhrase, phraseFinder } from './find-phrases.ts';
import { type Change, changeSaid, type Piece } from './pieces.ts';

const endsSentence = /[!.?…。！？\n]\s*$/u;
const pauseBefore = /[,;、]\s*$/u;
const pauseAfter = /^\s*(?:\.{2,}|[,;…、])+/u;
const anyMarksAfter = /^[\s!,.:;?…、。！？]+/u;
const endAfter = /^\s*(?:[.?!。！？]|$)/u;
const betweenFillers = /^[\s,.;…、。]*$/u;

/** Fillers that follow one another, in units of the text. */
interface Run {
  readonly start: number;
  readonly end: number;
}

/** Leaves out filler words with the commas that set them apart. Null for a language without a table. */
export function fillerDropper(language: string): ((pieces: readonly Piece[]) => Piece[]) | null {
  const words = fillerWords[language];
  if (words === undefined) return null;
  const find = phraseFinder(words, { separateKana: true });
  return (pieces) =>
    changeSaid(pieces, (text, before) =>
      runsOf(find(text), text).flatMap((run) => changesFor(run, text, startsSentence(before))),
    );
}

/** Fillers with nothing but pauses between them are left out together. */
function runsOf(found: readonly FoundPhrase[], text: string): readonly Run[] {
  const runs: { start: number; end: number }[] = [];
  for (const { start, end } of found) {
    const last = runs.at(-1);
    if (last !== undefined && betweenFillers.test(text.slice(last.end, start))) last.end = end;
    else runs.push({ start, end });
  }
  return runs;
}

function startsSentence(before: Piece | undefined): boolean {
  return before === undefined || before.kind === 'break' || endsSentence.test(before.text);
}

function changesFor(run: Run, text: string, isStart: boolean): readonly Change[] {
  const { start, end } = run;
  const left = text.slice(0, start);
  const right = text.slice(end);
  if (!endsSentence.test(left) && !(isStart && left.trim() === '')) return [withinSentence(run, left, right)];
  const next = end + lengthOf(anyMarksAfter, right);
  const dropped: Change = { start, end: next, becomes: null };
  const letter = text[next] ?? '';
  const isCapital = /^\p{Lu}/u.test(text.slice(start)) && /^\p{Ll}/u.test(letter);
  if (!isCapital || letter.toUpperCase().length !== 1) return [dropped];
  // The capital of the sentence goes to the word that starts it now.
  return [dropped, { start: next, end: next + 1, becomes: { text: letter.toUpperCase(), kind: 'said' } }];
}

function withinSentence({ end }: Run, left: string, right: string): Change {
  const pause = lengthOf(pauseAfter, right);
  const isSetApart = pauseBefore.test(left) && (pause > 0 || endAfter.test(right));
  const kept = isSetApart ? left.replace(pauseBefore, '').trimEnd() : left.trimEnd();
  return { start: kept.length, end: end + pause, becomes: null };
}

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
