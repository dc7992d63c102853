import { basename } from 'node:path';
import { visibleText } from '../../errors/visible-text.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import type { Progress } from './progress.ts';
import { progressLine, type ShownProgress } from './progress-line.ts';
import { createStatusLine } from './status-line.ts';

/** A progress bar on a terminal: what the job waits for, then the share that is done and the time left. */
export function createTerminalProgress(
  stream: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): Progress {
  const line = createStatusLine(stream);
  let name = '';
  let durationSeconds = 0;
  let startedMs = 0;
  let shown: ShownProgress | null = null;

  const draw = (progress: ShownProgress) => {
    // Events may arrive after the end.
    if (shown === null) return;
    shown = progress;
    line.draw((columns) => progressLine(progress, columns));
  };
  const show = (note: string, share = 0) => draw({ name, share, note });

  return {
    start: (input, note = 'sending') => {
      name = visibleText(basename(input));
      shown = { name, share: 0, note };
      draw(shown);
    },
    download: (share) => show('downloading', share),
    follow: (event: JobEvent, atMs = now()) => {
      if (event.type === 'job-queued') show(event.position > 0 ? `waiting, ${event.position} ahead` : 'waiting');
      if (event.type === 'model-loading') show('loading the model', event.progress);
      if (event.type === 'job-started' || event.type === 'model-ready') show('reading the recording');
      if (event.type === 'audio-opened') {
        durationSeconds = event.audio.durationSeconds;
        startedMs = atMs;
        show('transcribing');
      }
      if (event.type === 'text-partial') {
        draw({ name, share: shown?.share ?? 0, note: visibleText(event.text.trim()), keepsEnd: true });
      }
      if (event.type === 'segments-decoded' && durationSeconds > 0) {
        const share = Math.min(1, event.processedSeconds / durationSeconds);
        show(timeLeft({ share, elapsedMs: atMs - startedMs }), share);
      }
    },
    around: (write) => {
      line.clear();
      write();
      if (shown !== null) draw(shown);
    },
    stop: () => {
      shown = null;
      line.clear();
    },
  };
}

/** Estimated from the time of the part that is done. */
function timeLeft({ share, elapsedMs }: { share: number; elapsedMs: number }): string {
  if (share <= 0) return 'transcribing';
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}
