import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { agreedLength } from './agreed-text.ts';
import { type Cut, type CutLengths, chooseCut, type Hypothesis } from './choose-cut.ts';

/** What looks say of a part: its beginning, which they hear no more, and what the last one said of the rest. */
export interface LookedText {
  /** Where the next look begins to hear. */
  fromSeconds(): number;
  /** Takes what a look said of the sound between `fromSeconds` and `untilSeconds`. What all looks say together. */
  add(
    heard: Hypothesis,
    sound: { readonly untilSeconds: number; readonly spokenIn: (range: SpeechRange) => readonly SpeechRange[] },
  ): { readonly hypothesis: Hypothesis; readonly agreed: number };
  /** A text that is not to be trusted came between: the next look agrees with nothing. */
  interrupt(): void;
  /** A part begins. */
  begin(atSeconds: number): void;
  /** The part was heard as a whole, which said this. */
  replace(text: string): void;
  /** What was said before the cut is committed. What is left of the last look, if it is known. */
  cut(cut: Cut): Hypothesis | null;
}

/** A window has a shortest length, so that hearing less than this is no cheaper. */
const lookLengths: CutLengths = { shortestPartSeconds: 6, shortestSeconds: 3, longSeconds: 8 };
const nothing: Hypothesis = { text: '', segments: [] };
const firstWord = /^\s*[\p{L}\p{M}\p{N}'’-]+/u;

export function createLookedText(startSeconds: number): LookedText {
  let fromSeconds = startSeconds;
  /** Said before `fromSeconds`: two looks agreed on it. */
  let settled = nothing;
  let last: Hypothesis | null = null;
  /** What comes behind `fromSeconds`, as it was written where the sound before was heard, too. */
  let goesOnWith = '';

  return {
    fromSeconds: () => fromSeconds,
    add(look, { untilSeconds, spokenIn }) {
      const heard = goingOn(look, goesOnWith);
      const hypothesis = joined(settled, heard);
      const agreed = Math.max(settled.text.length, last === null ? 0 : agreedLength(hypothesis.text, last.text));
      last = hypothesis;
      const part = { startSeconds: fromSeconds, endSeconds: untilSeconds };
      const cut = chooseCut({
        hypothesis: heard,
        agreedLength: agreed - settled.text.length,
        part,
        spoken: spokenIn(part),
        lengths: lookLengths,
        isRefused: () => false,
      });
      if (cut !== null) {
        const rest = restOf(heard, cut.text.length);
        const { length } = rest.segments;
        settled = joined(settled, {
          text: cut.text,
          segments: heard.segments.slice(0, heard.segments.length - length),
        });
        fromSeconds = cut.atSeconds;
        goesOnWith = rest.text;
      }
      return { hypothesis, agreed };
    },
    interrupt() {
      last = null;
    },
    begin(atSeconds) {
      fromSeconds = atSeconds;
      settled = nothing;
      last = null;
      goesOnWith = '';
    },
    replace(text) {
      last = { text, segments: [] };
    },
    cut({ atSeconds, text }) {
      // Of a cut that had to be made nobody knows what was said before it.
      const isKnown = text !== '';
      last = isKnown && last !== null ? restOf(last, text.length) : null;
      settled = isKnown && atSeconds < fromSeconds ? restOf(settled, text.length) : nothing;
      if (!isKnown || atSeconds > fromSeconds) goesOnWith = last?.text ?? '';
      fromSeconds = isKnown ? Math.max(fromSeconds, atSeconds) : atSeconds;
      return last;
    },
  };
}

function joined(one: Hypothesis, other: Hypothesis): Hypothesis {
  return { text: one.text + other.text, segments: [...one.segments, ...other.segments] };
}

/** A look that does not hear how a sentence begins writes its next word like a first one. */
function goingOn({ text, segments }: Hypothesis, before: string): Hypothesis {
  const [known] = firstWord.exec(before) ?? [''];
  const [own] = firstWord.exec(text) ?? [''];
  const [first, ...others] = segments;
  if (own === known || own.toLowerCase() !== known.toLowerCase() || !first?.text.startsWith(own))
    return { text, segments };
  const written = (of: string) => known + of.slice(own.length);
  return { text: written(text), segments: [{ ...first, text: written(first.text) }, ...others] };
}

function restOf({ text, segments }: Hypothesis, length: number): Hypothesis {
  let end = 0;
  const rest = segments.filter((segment) => {
    end += segment.text.length;
    return end > length;
  });
  return { text: text.slice(length), segments: rest };
}
