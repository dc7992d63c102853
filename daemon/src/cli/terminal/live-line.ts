import { visibleText } from '../../errors/visible-text.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import type { Progress } from './progress.ts';
import { createStatusLine } from './status-line.ts';
import { cutBeginningToWidth, cutToWidth } from './text-width.ts';

const dim = '\x1b[2m';
const undim = '\x1b[22m';

/** What is said and not committed yet, dimmed on the last line of a terminal and drawn again in place as it changes. */
export function createLiveLine(stream: NodeJS.WriteStream): Progress {
  const line = createStatusLine(stream);
  /** Null before the start and after the end. */
  let shown: { readonly text: string; readonly isNote: boolean } | null = null;

  function draw(): void {
    if (shown === null) return;
    const { text, isNote } = shown;
    line.draw((columns) => `${dim}${isNote ? cutToWidth(text, columns) : cutBeginningToWidth(text, columns)}${undim}`);
  }

  function show(text: string, isNote: boolean): void {
    // Events may arrive after the end.
    if (shown === null) return;
    shown = { text, isNote };
    draw();
  }

  return {
    download: () => undefined,
    start: () => {
      shown = { text: 'listening', isNote: true };
      draw();
    },
    follow: (event: JobEvent) => {
      if (event.type === 'model-loading') show(`loading the model, ${Math.round(event.progress * 100)}%`, true);
      if (event.type === 'audio-opened') show('listening', true);
      if (event.type === 'text-tentative') show(visibleText(event.text.trim()), false);
      if (event.type === 'text-committed') show('', false);
      if (event.type === 'utterance-done') show('listening', true);
    },
    around: (write) => {
      line.clear();
      write();
      draw();
    },
    stop: () => {
      shown = null;
      line.clear();
    },
  };
}
