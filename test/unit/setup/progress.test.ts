import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createProgress } from '../../../setup/progress.mjs';

const { TERM: terminalName } = process.env;
let written: string;

beforeEach(() => {
  written = '';
});

afterEach(() => {
  process.env['TERM'] = terminalName;
});

function terminal(): Writable {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: 40 });
}

test('what other programs write is shown without their colours, and cut to the window', () => {
  process.env['TERM'] = 'xterm';
  const step = createProgress(terminal()).start('Addon');
  step.done(`\x1b[32mbuilt\x1b[0m\t ${'x'.repeat(80)}`);
  expect(written).toMatch(/^\r\S+2K✓ Addon \d+\.\d s \(built {2}x+\n$/);
  expect(written.slice(written.indexOf('✓')).trimEnd()).toHaveLength(39);
});

test('a dumb terminal gets plain lines', () => {
  process.env['TERM'] = 'dumb';
  createProgress(terminal()).start('Addon').done();
  expect(written).toMatch(/^Addon … \d+\.\d s\n$/);
});
