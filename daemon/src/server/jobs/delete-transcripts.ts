import type { History } from '../history/history.ts';
import type { Jobs } from './jobs.ts';

export interface TranscriptPlaces {
  readonly history: Pick<History, 'find' | 'delete' | 'clear'>;
  readonly jobs: Pick<Jobs, 'transcribed' | 'erase'>;
}

/**
 * Deletes a transcript from the history and with the job that made it, which would still answer with the text. Whether
 * there was one. @throws `DISK_FULL`, `HOME_BUSY`, `HOME_NOT_WRITABLE`
 */
export function deleteTranscript(id: string, { history, jobs }: TranscriptPlaces): boolean {
  const wasInHistory = history.delete(id);
  const isWithJob = jobs.transcribed().some((job) => job.id === id);
  if (isWithJob) jobs.erase([id]);
  return wasInHistory || isWithJob;
}

/** The same for all transcripts, also those that only jobs have; how many there were. @throws the same */
export async function deleteAllTranscripts({ history, jobs }: TranscriptPlaces): Promise<number> {
  const elsewhere = jobs.transcribed().filter(({ id, isWhole }) => isWhole && history.find(id) === null);
  // First: where the history cannot be written nothing is deleted, and what waits for it is not lost.
  const cleared = await history.clear();
  jobs.erase(jobs.transcribed().map(({ id }) => id));
  // What waited may have gone there while the rest was cleared.
  await history.clear();
  return elsewhere.length + cleared;
}
