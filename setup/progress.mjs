import { performance } from 'node:perf_hooks';
import { stripVTControlCharacters } from 'node:util';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

/** Shows what each step does and how long it took; on a terminal with a spinner and the latest line of its output. */
export function createProgress(stream) {
  const canDraw = stream.isTTY && !['dumb', '', undefined].includes(process.env.TERM);
  return canDraw ? terminalProgress(stream) : plainProgress(stream);
}

function plainProgress(stream) {
  return {
    start(title) {
      const startedMs = performance.now();
      stream.write(`${title} … `);
      return {
        detail: () => {},
        done: (result) => stream.write(`${elapsed(startedMs)}${result ? ` (${result})` : ''}\n`),
        failed: () => stream.write(`failed after ${elapsed(startedMs)}\n`),
      };
    },
    say: (line) => stream.write(`${line}\n`),
  };
}

function terminalProgress(stream) {
  return {
    start(title) {
      const startedMs = performance.now();
      let latest = '';
      let frame = 0;
      const draw = (mark, text) => {
        // Other programs colour their output and move the cursor.
        const line = stripVTControlCharacters(`${mark} ${text}`).replace(/\p{Cc}/gu, ' ');
        stream.write(`\r\x1b[2K${line.slice(0, (stream.columns || 80) - 1)}`);
      };
      const timer = setInterval(() => {
        frame = (frame + 1) % frames.length;
        draw(frames[frame], `${title} ${elapsed(startedMs)}  ${latest}`);
      }, frameMs);
      const end = (mark, text) => {
        clearInterval(timer);
        draw(mark, text);
        stream.write('\n');
      };
      return {
        detail: (line) => {
          latest = line;
        },
        done: (result) => end('✓', `${title} ${elapsed(startedMs)}${result ? ` (${result})` : ''}`),
        failed: () => end('✗', `${title} failed after ${elapsed(startedMs)}`),
      };
    },
    say: (line) => stream.write(`${line}\n`),
  };
}

function elapsed(startedMs) {
  return `${((performance.now() - startedMs) / 1000).toFixed(1)} s`;
}
