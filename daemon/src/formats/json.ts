import type { Transcript } from '../protocol/transcript.ts';

export function writeJson(transcript: Transcript): string {
  return JSON.stringify(transcript);
}
