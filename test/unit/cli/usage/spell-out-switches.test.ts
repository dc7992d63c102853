import { beforeAll, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { commandNames, createProgram } from '../../../../daemon/src/cli/program.ts';
import { spellOutSwitches } from '../../../../daemon/src/cli/usage/spell-out-switches.ts';

let program: Command;

beforeAll(async () => {
  program = await createProgram(commandNames);
});

const spell = (...given: readonly string[]) => spellOutSwitches(program, given);

test.each([
  [
    ['transcribe', '--vad=false', 'a.wav'],
    ['transcribe', '--no-vad', 'a.wav'],
  ],
  [
    ['transcribe', '--no-vad=false'],
    ['transcribe', '--vad'],
  ],
  [
    ['transcribe', '--loop-guard=off', '--word-timestamps=TRUE'],
    ['transcribe', '--no-loop-guard', '--word-timestamps'],
  ],
  [
    ['transcribe', '--quiet=false', '--detach=1'],
    ['transcribe', '--detach'],
  ],
  [['history', '--json=no'], ['history']],
  [
    ['history', 'delete', '--all=true'],
    ['history', 'delete', '--all'],
  ],
])('%p is %p', (given, spelled) => {
  expect(spell(...given)).toEqual(spelled);
});

test('values of other options, and files behind --, are left as they are', () => {
  const given = ['transcribe', '--language=false', '--initial-prompt', '--x=false', '--', '--vad=false'];
  expect(spell(...given)).toEqual(given);
});

test('a value that is neither yes nor no is refused', () => {
  expect(() => spell('transcribe', '--vad=maybe')).toThrow('--vad must be true or false, got maybe.');
  expect(() => spell('transcribe', '--vad=constructor')).toThrow('got constructor');
});
