import type { Transcript } from '../protocol/transcript.ts';
import { strip } from './strip.ts';

/** A line per segment (openai/whisper utils.py `WriteTXT`). */
export function writeTxt({ segments }: Transcript): string {
  return segments.map(({ text }) => `${strip(text)}\n`).join('');
}
