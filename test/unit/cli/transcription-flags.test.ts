import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import {
  addTranscriptionOptions,
  flaggedOptions,
  givenTranscriptionOptions,
} from '../../../daemon/src/cli/transcription-flags.ts';
import { asFlags, flagOf } from '../../../daemon/src/protocol/options/as-flags.ts';

function parse(...values: readonly string[]) {
  const command = new Command('transcribe').exitOverride().configureOutput({ writeErr: () => {} });
  addTranscriptionOptions(command);
  command.parse(values, { from: 'user' });
  return givenTranscriptionOptions(command);
}

test('what is not given is left to the daemon', () => {
  expect(parse()).toEqual({});
});

test('options written as flags are the same options when they are read', () => {
  const options = {
    ...{ model: '-odd name', language: 'de', temperature: [0, 0.2], seed: 7, vad: false, wordTimestamps: true },
    ...{ audioTrack: '2', initialPrompt: 'Über, "uns"', logprobThreshold: -1.5 },
  };
  expect(parse(...asFlags(options))).toEqual(options);
});

test('an audio track is named by --track', () => {
  expect(parse('--track', '2')).toEqual({ audioTrack: '2' });
  expect(parse('--track=en')).toEqual({ audioTrack: 'en' });
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

test('every switch can be said both ways, whatever its default is', () => {
  const switches = flaggedOptions.filter(([, { kind }]) => kind === 'boolean').map(([name]) => name);
  expect(switches).toEqual(
    expect.arrayContaining(['loopGuard', 'conditionOnPreviousText', 'vad', 'wordTimestamps', 'history']),
  );
  for (const option of switches) {
    expect([parse(flagOf(option)), parse(flagOf(option).replace('--', '--no-'))]).toEqual([
      { [option]: true },
      { [option]: false },
    ]);
  }
});

test.each([
  [['--beam-size', '50'], '--beam-size must be 1 to 16, got 50.'],
  [['--beam-size', '0'], '--beam-size must be 1 to 16, got 0.'],
  [['--beam-size', 'many'], '--beam-size must be a whole number, got "many".'],
  [['--temperature', '0,2.5'], '--temperature must be 0 to 2, got 2.5.'],
  [['--patience', '0'], '--patience must be more than 0, 8 at most, got 0.'],
  [['--logprob-threshold', '1'], '--logprob-threshold must be 0 or less, got 1.'],
  [['--max-line-width', '0'], '--max-line-width must be 1 or more, got 0.'],
  [['--clip-timestamps', '-1,5'], '--clip-timestamps must be 0 or more, got -1.'],
])('%p is out of range', (values, message) => {
  expect(() => parse(...values)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID', message }));
});
