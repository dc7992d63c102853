import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

const pseudoTerminal = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url));

export interface TerminalRequest {
  readonly command: readonly [program: string, ...values: string[]];
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  readonly columns?: number;
  readonly rows?: number;
}

/** A program on a real pseudo-terminal, and the screen that a person would see. */
export interface OpenTerminal {
  /** Every byte that was written, as text. */
  readonly written: () => string;
  /** What is on the screen and above it, without the empty end of each line; a wrapped line is one line. */
  readonly lines: () => readonly string[];
  /** The rows of the window as they stand, wrapped lines cut. */
  readonly screen: () => readonly string[];
  readonly isCursorVisible: () => boolean;
  /** Presses keys. */
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /**
   * Waits until something is so; the screen of that moment, which may be another one when the caller goes on.
   * @throws when the program ends before
   */
  readonly until: (isSo: (terminal: OpenTerminal) => boolean) => Promise<readonly string[]>;
  /** The program's exit code; 128 and the signal's number for one that was killed. */
  readonly ended: Promise<number>;
}

/** Keys that a terminal turns into signals or an end of input. */
export const keys = { controlC: '\x03', controlD: '\x04', controlZ: '\x1a', enter: '\r' } as const;

/** After what erases the rest of the window and goes to the line's start, as the bar's drawings do. */
const endOfDrawing = '\x1b[J\r';

/** Runs a program on a pseudo-terminal; 80 columns and 24 rows unless told. */
export function openTerminal(request: TerminalRequest): OpenTerminal {
  const { command, environment = {}, folder, columns = 80, rows = 24 } = request;
  const child = spawn('python3', ['-u', pseudoTerminal, String(columns), String(rows), ...command], {
    env: { ...process.env, TERM: 'xterm-256color', ...environment },
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
  emulator.loadAddon(new unicode11.Unicode11Addon());
  emulator.unicode.activeVersion = '11';
  let isCursorVisible = true;
  for (const [final, visible] of [
    ['h', true],
    ['l', false],
  ] as const) {
    emulator.parser.registerCsiHandler({ prefix: '?', final }, (parameters) => {
      if (parameters.includes(25)) isCursorVisible = visible;
      return false;
    });
  }

  const decoder = new TextDecoder();
  const waiting = new Set<() => void>();
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const text = decoder.decode(chunk, { stream: true });
    written += text;
    // Where the machine is busy several drawings come at once, and each of them was on the screen.
    const drawings = text.split(endOfDrawing);
    for (const [index, drawing] of drawings.entries()) {
      emulator.write(index + 1 < drawings.length ? drawing + endOfDrawing : drawing, () => {
        for (const look of [...waiting]) look();
      });
    }
  });
  const ended = once(child, 'close').then(async ([code]) => {
    await new Promise<void>((resolve) => emulator.write('', resolve));
    return code as number;
  });

  const terminal: OpenTerminal = {
    written: () => written,
    lines: () => rowsOf(emulator, { from: 0, joined: true }),
    screen: () => rowsOf(emulator, { from: emulator.buffer.active.viewportY, joined: false }),
    isCursorVisible: () => isCursorVisible,
    type: (text) => void child.stdin.write(`${JSON.stringify({ type: text })}\n`),
    resize: (newColumns, newRows) => {
      emulator.resize(newColumns, newRows);
      child.stdin.write(`${JSON.stringify({ resize: [newColumns, newRows] })}\n`);
    },
    until: (isSo) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!isSo(terminal)) return;
          waiting.delete(look);
          resolve(terminal.screen());
        };
        waiting.add(look);
        ended.then((code) => {
          look();
          reject(
            new Error(`The program ended with ${code} before that. On its screen:\n${terminal.lines().join('\n')}`),
          );
        }, reject);
        look();
      }),
    ended,
  };
  return terminal;
}

function rowsOf(emulator: xterm.Terminal, { from, joined }: { from: number; joined: boolean }): readonly string[] {
  const buffer = emulator.buffer.active;
  const lines: string[] = [];
  for (let row = from; row < buffer.length; row++) {
    const line = buffer.getLine(row);
    const text = line?.translateToString(true) ?? '';
    if (joined && line?.isWrapped === true) lines.push(`${lines.pop() ?? ''}${text}`);
    else lines.push(text);
  }
  while (lines.at(-1) === '') lines.pop();
  return lines;
}
