import type { JobEvent } from '../protocol/job-events.ts';

export interface Progress {
  /** Grows with each one, as the protocol wants. */
  readonly progress: number;
  readonly total: number;
  readonly message: string;
}

const total = 100;
/** How much of the way is over when the model is ready. */
const loadedAt = 5;

/** Tells a job's progress in hundredths, and only when it has grown. */
export function createJobProgress(report: (progress: Progress) => void): (event: JobEvent) => void {
  let last = -1;
  let durationSeconds: number | null = null;

  function reach(progress: number, message: string): void {
    if (progress <= last) return;
    last = progress;
    report({ progress, total, message });
  }

  return (event) => {
    switch (event.type) {
      case 'job-queued':
        return reach(0, event.position === 0 ? 'Waiting for the engine.' : `Waiting, ${event.position} jobs ahead.`);
      case 'model-loading':
        return reach(Math.floor(event.progress * loadedAt), `Loading the model ${event.model}.`);
      case 'audio-opened':
        durationSeconds = event.audio.durationSeconds;
        return reach(loadedAt, `Opened a recording of ${Math.round(durationSeconds)} s.`);
      case 'segments-decoded': {
        const done = durationSeconds === null ? 0 : Math.min(1, event.processedSeconds / durationSeconds);
        // The last hundredth is the answer.
        const progress = Math.floor(loadedAt + done * (total - 1 - loadedAt));
        return reach(progress, `Transcribed ${Math.round(event.processedSeconds)} s.`);
      }
      default:
        return undefined;
    }
  };
}
