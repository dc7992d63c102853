import { cutBeginningToWidth, cutToWidth, textWidth } from './text-width.ts';

export interface ShownProgress {
  readonly name: string;
  /** Share done, 0 to 1. */
  readonly share: number;
  readonly note: string;
  /** Cuts the start of a note that is too long, not its end. */
  readonly keepsEnd?: boolean;
}

const shortestNote = 12;

/** `name ████░░░░ 42% note` in so many columns. The share is always shown; the note, the bar and the name as far as they fit. */
export function progressLine({ name, share, note, keepsEnd = false }: ShownProgress, columns: number): string {
  const percent = ` ${`${Math.floor(share * 100)}%`.padStart(4)}`;
  const barColumns = columns >= 60 ? 24 : columns >= 32 ? 10 : 0;
  const fixed = textWidth(percent) + (barColumns === 0 ? 0 : barColumns + 1);
  const nameColumns = Math.max(0, columns - fixed - Math.min(shortestNote, textWidth(note)) - 1);
  const shownName = cutToWidth(name, Math.min(nameColumns, Math.max(10, Math.floor(columns / 3))));
  const noteColumns = columns - textWidth(shownName) - fixed - 1;
  const shownNote = keepsEnd ? cutBeginningToWidth(note, noteColumns) : cutToWidth(note, noteColumns);
  const bar = barColumns === 0 ? '' : ` ${barOf(share, barColumns)}`;
  return cutToWidth(`${shownName}${bar}${percent} ${shownNote}`.trimEnd(), columns);
}

function barOf(share: number, columns: number): string {
  const done = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return '█'.repeat(done) + '░'.repeat(columns - done);
}
