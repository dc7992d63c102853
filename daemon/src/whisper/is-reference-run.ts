import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';

/** Whether a transcription is to be openai/whisper's token for token: nothing of our own is added to it. */
export function isReferenceRun({ sequential, vad }: ResolvedOptions): boolean {
  return sequential && !vad;
}
