const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';
const eraseDown = '\x1b[J';
const stopWrapping = '\x1b[?7l';
const wrap = '\x1b[?7h';

/** One line at the bottom of a terminal that is drawn again and again, and erased at the end. */
export interface StatusLine {
  /** Draws what `compose` returns for the width of the window, again whenever that changes. */
  readonly draw: (compose: (columns: number) => string) => void;
  /** Erases the line and shows the cursor, until the next `draw`. */
  readonly clear: () => void;
}

/** True for a terminal whose cursor can be moved. */
export function canDraw(stream: NodeJS.WriteStream, { TERM: terminal = 'dumb' } = process.env): boolean {
  return (stream.isTTY ?? false) && terminal !== 'dumb' && terminal !== '';
}

export function createStatusLine(stream: NodeJS.WriteStream): StatusLine {
  let compose: ((columns: number) => string) | null = null;

  // The cursor rests at the start of the line: it stays there when the window becomes narrow, whether or not that wraps the line.
  const redraw = () => {
    // Without wrapping, since the window may be narrower by now than this process knows.
    if (compose === null) return;
    const text = compose((stream.columns || 80) - 1);
    stream.write(`\r${stopWrapping}${text}${wrap}${eraseDown}\r`);
  };
  const erase = () => void stream.write(`\r${eraseDown}${showCursor}`);
  const suspend = () => {
    erase();
    // Without this listener the signal stops the process.
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
