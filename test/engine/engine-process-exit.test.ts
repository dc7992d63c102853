import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { embeddedModelFolder, jfk, pathOf } from './fork-engine.ts';

const program = pathOf('test/engine/exit-in-decode.mjs');

/** Without its thread joined on the way out, a process hung or crashed in most of such exits: five in a row show it. */
test.each([
  ['exit', 'process.exit', 5, ''],
  ['throw', 'an uncaught error', 1, 'thrown in the middle of a decode'],
  ['signal', 'SIGTERM', 143, ''],
])(
  '%s: a process that ends by %s in the middle of a decode ends cleanly, five times in a row',
  async (way, _name, exitCode, message) => {
    for (let run = 0; run < 5; run += 1) {
      const child = spawn(process.execPath, [program, way, jfk, embeddedModelFolder], {
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 600_000,
        killSignal: 'SIGKILL',
      });
      const [stderr, end] = await Promise.all([text(child.stderr), endOf(child)]);
      expect(end).toEqual({ code: exitCode, signal: null });
      expect(stderr).toContain(message);
    }
  },
);

function endOf(child: ReturnType<typeof spawn>): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
}
