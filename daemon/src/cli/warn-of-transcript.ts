import { getJob } from '../client/jobs.ts';
import type { Daemon } from '../client/request.ts';
import type { Transcript } from '../protocol/transcript.ts';
import { noSpeechSentence } from '../protocol/warning-codes.ts';
import { warn } from './terminal/print.ts';

/** Prints the warnings of a transcript, and whether it is empty. `name` has nothing in it that a terminal would obey. */
export function warnOfTranscript(name: string, { text, warnings }: Transcript): void {
  if (text.trim() === '') warn(`${name}: no speech found`);
  for (const warning of warnings) {
    if (warning !== noSpeechSentence) warn(`${name}: ${warning}`);
  }
}

/** The same for a job that is done, with the warnings of the job itself, for example that the history cannot be written. */
export async function warnOfJob(
  daemon: Daemon,
  id: string,
  { name, transcript }: { readonly name: string; readonly transcript: Transcript },
): Promise<void> {
  warnOfTranscript(name, transcript);
  // The transcript is here: a daemon that has forgotten the job, or has stopped since, is no failure.
  const { warnings } = await getJob(daemon, id).catch(() => ({ warnings: [] }));
  for (const warning of warnings) warn(`${name}: ${warning}`);
}
