import type { WireTranscript } from '../messages/wire-transcript.ts';

export function writeJson(transcript: WireTranscript): string {
  return JSON.stringify(transcript);
}
