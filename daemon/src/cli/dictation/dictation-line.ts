import { visibleText } from '../../errors/visible-text.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import { createStatusLine } from '../terminal/status-line.ts';
import { cutBeginningToWidth, cutToWidth } from '../terminal/text-width.ts';

/** The live text of a dictation, on the last line of a terminal. */
export interface DictationLine {
  start(): void;
  follow(event: JobEvent): void;
  /** The recording has ended; the rest of its text is still to come. */
  finish(): void;
  stop(): void;
}

const hint = 'Listening. Enter ends it.';

/** Shows the end of what was said, as much as fits: settled text, and what may still change. */
export function createDictationLine(stream: NodeJS.WriteStream): DictationLine {
  const line = createStatusLine(stream);
  let settled = '';
  let note = hint;
  let isOpen = false;

  function draw(tentative = ''): void {
    if (!isOpen) return;
    const text = visibleText(`${settled}${tentative}`.replace(/\s*\n\s*/g, ' ⏎ ').trim());
    line.draw((columns) => (text === '' ? cutToWidth(note, columns) : cutBeginningToWidth(text, columns)));
  }

  return {
    start() {
      isOpen = true;
      draw();
    },
    follow(event) {
      if (event.type === 'model-loading') note = `Listening. Loading the model, ${Math.round(event.progress * 100)}%`;
      if (event.type === 'model-ready') note = hint;
      if (event.type === 'text-committed') settled += event.text;
      draw(event.type === 'text-tentative' ? event.text : '');
    },
    finish() {
      note = 'Transcribing';
      draw();
    },
    stop() {
      isOpen = false;
      line.clear();
    },
  };
}
