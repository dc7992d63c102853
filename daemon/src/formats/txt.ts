import type { WireTranscript } from '../messages/wire-transcript.ts';
import { strip } from './strip.ts';

/** A line per segment (openai/whisper utils.py `WriteTXT`). */
export function writeTxt({ segments }: WireTranscript): string {
  return segments.map(({ text }) => `${strip(text)}\n`).join('');
}
