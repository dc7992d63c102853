import type { Segment } from '../protocol/transcript.ts';
import { strip } from './strip.ts';

/** A pause after which a new thought begins. */
const pauseSeconds = 1.5;
/** How long a paragraph may be before it ends with its sentence, and before it ends anyway. */
const longSeconds = 45;
const tooLongSeconds = 120;

export interface Paragraph {
  readonly startSeconds: number;
  /** Null where nobody is named. */
  readonly speaker: string | null;
  readonly text: string;
}

/** The segments of a transcript as paragraphs to read: cut where another one speaks, at pauses, and at the end of a sentence after a while. */
export function paragraphsOf(segments: readonly Segment[]): readonly Paragraph[] {
  const groups: Segment[][] = [];
  for (const segment of segments) {
    if (strip(segment.text) === '') continue;
    const group = groups.at(-1);
    if (group === undefined || isCut(group, segment)) groups.push([segment]);
    else group.push(segment);
  }
  return groups.map((group) => ({
    startSeconds: group[0]?.start ?? 0,
    speaker: group[0]?.speaker ?? null,
    text: strip(
      group
        .map(({ text }) => text.replace(/\s+/g, ' '))
        .join('')
        .replace(/ +/g, ' '),
    ),
  }));
}

function isCut(group: readonly Segment[], next: Segment): boolean {
  const [first, last] = [group[0] as Segment, group.at(-1) as Segment];
  if (next.speaker !== last.speaker || next.start - last.end >= pauseSeconds) return true;
  const length = last.end - first.start;
  return length >= tooLongSeconds || (length >= longSeconds && /[.!?…。！？]["'”’»」)]*\s*$/u.test(last.text));
}
