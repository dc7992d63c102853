import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';

/**
 * Whether all of a recording has to be known before its first window is heard: where windows are as openai/whisper's,
 * where the client names parts of it, and where its end decides about a silence.
 */
export function isHeardAsAWhole(options: ResolvedOptions): boolean {
  const { sequential, clipTimestamps, hallucinationSilenceThreshold } = options;
  return sequential || clipTimestamps.length > 0 || hallucinationSilenceThreshold !== null;
}
