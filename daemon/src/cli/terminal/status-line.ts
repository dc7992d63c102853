const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseDown = '\x1b[J';
const stopWrapping = '\x1b[?7l';
const wrap = '\x1b[?7h';

/** One line at the bottom of a terminal that is drawn again and again, and leaves nothing behind. */
export interface StatusLine {
  /** Draws what `compose` makes of the columns there are; it is asked again when the window changes. */
  readonly draw: (compose: (columns: number) => string) => void;
  /** Takes the line away and gives the cursor back, until the next `draw`. */
  readonly clear: () => void;
}

/** True for a terminal whose cursor can be moved. */
export function canDraw(stream: NodeJS.WriteStream, { TERM: terminal = 'dumb' } = process.env): boolean {
  return (stream.isTTY ?? false) && terminal !== 'dumb' && terminal !== '';
}

export function createStatusLine(stream: NodeJS.WriteStream): StatusLine {
  let compose: ((columns: number) => string) | null = null;

  // The cursor waits at the line's start: there it stays when a window gets narrow, whether or not its terminal wraps the line.
  const redraw = () => {
    // Not wrapped, since the window may be narrower by now than this process has heard.
    if (compose === null) return;
    const text = compose((stream.columns || 80) - 1);
    stream.write(`\r${stopWrapping}${text}${wrap}${eraseDown}\r`);
  };
  const erase = () => void stream.write(`\r${eraseDown}${showCursor}`);
  const suspend = () => {
    erase();
    // Without this listener the signal does what it does to every program.
    process.off('SIGTSTP', suspend);
    process.kill(process.pid, 'SIGTSTP');
  };
  const resume = () => {
    process.off('SIGTSTP', suspend);
    process.on('SIGTSTP', suspend);
    stream.write(hideCursor);
    redraw();
  };

  return {
    draw: (next) => {
      const isFirst = compose === null;
      compose = next;
      if (!isFirst) return redraw();
      process.on('SIGCONT', resume);
      process.on('exit', erase);
      stream.on('resize', redraw);
      resume();
    },
    clear: () => {
      if (compose === null) return;
      compose = null;
      process.off('SIGTSTP', suspend);
      process.off('SIGCONT', resume);
      process.off('exit', erase);
      stream.off('resize', redraw);
      erase();
    },
  };
}
