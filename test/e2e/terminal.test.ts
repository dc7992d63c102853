import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keys, openTerminal, type TerminalRequest } from './support/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(root, 'hearth');
const jfk = join(root, 'assets', 'samples', 'jfk.flac');
const long = join(root, 'test', 'fixtures', 'audio', 'LJ001-long.mp3');
const jfkText = /my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country/;

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-terminal-'));
});

afterEach(async () => {
  await hearth(['stop']).ended;
  await rm(home, { recursive: true });
});

function hearth(values: readonly string[], request: Omit<TerminalRequest, 'command'> = {}) {
  const environment = { HEARTH_HOME: home, ...request.environment };
  return openTerminal({ ...request, command: [launcher, ...values], environment });
}

test('the first recording of a fresh home is transcribed on a terminal, with a bar on the way', async () => {
  const terminal = hearth(['transcribe', jfk]);
  await terminal.until(({ screen }) => screen().some((line) => /^jfk\.flac .*\d+%/.test(line)));
  expect(terminal.isCursorVisible()).toBe(false);
  expect(await terminal.ended).toBe(0);
  expect(terminal.isCursorVisible()).toBe(true);
  expect(terminal.lines().join(' ')).toMatch(jfkText);
  expect(terminal.lines().join('\n')).not.toContain('%');
});

test('Ctrl-C in the middle of a recording takes the bar away and gives the cursor back', async () => {
  const terminal = hearth(['transcribe', long]);
  await terminal.until(({ lines }) => lines().some((line) => /^LJ001-long\.mp3 .* left$/.test(line)));
  terminal.type(keys.controlC);
  expect(await terminal.ended).toBe(130);
  expect(terminal.isCursorVisible()).toBe(true);
  expect(terminal.lines().join('\n')).not.toMatch(/LJ001-long\.mp3 .*%/);
});
