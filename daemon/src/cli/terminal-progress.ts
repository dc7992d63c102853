import { basename } from 'node:path';
import { Presets, SingleBar } from 'cli-progress';
import type { JobEvent } from '../messages/job-events.ts';
import type { Progress } from './progress.ts';

const partialWidth = 40;

interface Shown {
  readonly share: number;
  readonly note: string;
}

/** A bar on a terminal: what is waited for, then the part of the recording that is done and the time left. */
export function createTerminalProgress(
  stream: NodeJS.WriteStream,
  now: () => number = () => performance.now(),
): Progress {
  const options = {
    stream,
    format: '{input} {bar} {percentage}% {note}',
    barsize: 24,
    clearOnComplete: true,
    hideCursor: true,
    linewrap: false,
    fps: 10,
  };
  const bar = new SingleBar(options, Presets.shades_grey);
  let input = '';
  let durationSeconds = 0;
  let startedMs = 0;
  let shown: Shown = { share: 0, note: '' };
  let running = false;

  const begin = () => {
    bar.start(1, shown.share, { input, note: shown.note });
    running = true;
  };
  const stop = () => {
    if (running) bar.stop();
    running = false;
  };
  const show = (next: Shown) => {
    shown = next;
    if (running) bar.update(next.share, { input, note: next.note });
  };

  return {
    start: (name) => {
      input = basename(name);
      shown = { share: 0, note: 'sending' };
      begin();
    },
    wait: (reason, share = 0) => show({ share, note: reason }),
    follow: (event: JobEvent) => {
      if (event.type === 'job-queued') {
        show({ share: 0, note: event.position > 0 ? `waiting, ${event.position} before it` : 'waiting' });
      }
      if (event.type === 'job-started') show({ share: 0, note: 'reading the recording' });
      if (event.type === 'audio-opened') {
        durationSeconds = event.audio.durationSeconds;
        startedMs = now();
        show({ share: 0, note: 'transcribing' });
      }
      if (event.type === 'text-partial') show({ share: shown.share, note: endOf(event.text) });
      if (event.type === 'segments-decoded' && durationSeconds > 0) {
        const share = Math.min(1, event.processedSeconds / durationSeconds);
        show({ share, note: timeLeft({ share, elapsedMs: now() - startedMs }) });
      }
    },
    around: (write) => {
      const resume = running;
      stop();
      write();
      if (resume) begin();
    },
    stop,
  };
}

/** As much of what is being said as fits beside the bar. */
function endOf(text: string): string {
  const line = text.trim();
  return line.length <= partialWidth ? line : `…${line.slice(-partialWidth)}`;
}

/** From what the part that is done took. */
function timeLeft({ share, elapsedMs }: { share: number; elapsedMs: number }): string {
  if (share <= 0) return 'transcribing';
  const seconds = Math.ceil((elapsedMs * (1 - share)) / share / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes} min ${seconds % 60} s left` : `${seconds} s left`;
}
