import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import {
  addTranscriptionOptions,
  givenTranscriptionOptions,
} from '../../../daemon/src/cli/add-transcription-options.ts';
import { transcriptionFlags } from '../../../daemon/src/cli/transcription-flags.ts';
import { describeFlags } from '../../../setup/generate-transcription-flags.mjs';

function parse(...values: readonly string[]) {
  const command = new Command('transcribe').exitOverride().configureOutput({ writeErr: () => {} });
  addTranscriptionOptions(command);
  command.parse(values, { from: 'user' });
  return givenTranscriptionOptions(command);
}

test('the flags are those of the option schema; `npm run generate` brings them up to date', () => {
  expect(transcriptionFlags).toEqual(describeFlags());
});

test('what is not given is left to the daemon', () => {
  expect(parse()).toEqual({});
});

test('every kind of value arrives as the daemon expects it', () => {
  const given = [
    ...['--language', 'de', '--task', 'translate', '--temperature', '0,0.2', '--seed', '7'],
    ...['--logprob-threshold', '-1.5', '--without-timestamps', '--no-condition-on-previous-text'],
  ];
  expect(parse(...given)).toEqual({
    language: 'de',
    task: 'translate',
    temperature: [0, 0.2],
    seed: 7,
    logprobThreshold: -1.5,
    withoutTimestamps: true,
    conditionOnPreviousText: false,
  });
});

test.each([
  ['--task', 'sing'],
  ['--seed', '1.5'],
  ['--temperature', '0,warm'],
  ['--temperature', ''],
  ['--langauge', 'de'],
])('%s %s is refused', (...values) => {
  expect(() => parse(...values)).toThrow();
});
