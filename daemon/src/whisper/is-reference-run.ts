import type { TranscriptionOptions } from '../options/transcription-options.ts';

/** Whether a transcription is to be openai/whisper's token for token: nothing of our own is added to it. */
export function isReferenceRun({ sequential, vad }: TranscriptionOptions): boolean {
  return sequential === true && vad === false;
}
