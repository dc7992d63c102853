import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { isReferenceRun } from '../is-reference-run.ts';

/** Whether voice activity hears a recording: not where all that the client names, or everything, is decoded as it is. */
export function listensForSpeech(options: ResolvedOptions): boolean {
  return !isReferenceRun(options) && !(options.sequential && options.clipTimestamps.length > 0);
}
