import { languages } from '../languages/languages.ts';
import type { Transcript } from '../protocol/transcript.ts';

/** What a document says about a transcript beside its text. */
export interface TranscriptOrigin {
  /** What the recording is called; null if nobody said. */
  readonly name: string | null;
  readonly createdAt: Date;
}

const languageNames: ReadonlyMap<string, string> = new Map(languages);

/** The name of the recording without its ending. */
export function titleOf({ name }: TranscriptOrigin): string {
  return name?.replace(/(?<=.)\.[^./\\]{1,8}$/, '') || 'Transcript';
}

/** Day, length and language, such as `2026-01-31 · 12:05 · German`. */
export function factsOf({ duration, language, task }: Transcript, { createdAt }: TranscriptOrigin): readonly string[] {
  const name = languageNames.get(language) ?? language;
  const shown = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  return [dayOf(createdAt), clock(duration), task === 'translate' ? `${shown}, in English` : shown];
}

/** A time as players show it: `0:42`, `12:05`, `1:02:03`. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

/** In local time. */
function dayOf(moment: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}
