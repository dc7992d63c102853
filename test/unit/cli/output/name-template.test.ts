import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fillTemplate, isTemplate } from '../../../../daemon/src/cli/output/name-template.ts';
import { planOutputs } from '../../../../daemon/src/cli/output/plan-output.ts';

const values = { input: 'talks/monday.team.m4a', format: 'srt', language: 'de' };

test.each([
  ['{folder}/{name}.{language}.{format}', join('talks', 'monday.team.de.srt')],
  ['out/{language}/{name}.{format}', join('out', 'de', 'monday.team.srt')],
  ['{folder}/texts/', join('talks', 'texts', 'monday.team.srt')],
  ['{name}.txt', 'monday.team.txt'],
  ['/a/{name}', join('/a', 'monday.team')],
])('%s is filled in', (template, path) => {
  expect(fillTemplate(template, values)).toBe(path);
});

test('a name that is too long for the disk loses its end, not its ending', () => {
  const path = fillTemplate('{name}.{language}.{format}', {
    ...values,
    input: `${'ä'.repeat(120)}.${'b'.repeat(60)}.wav`,
  });
  expect(Buffer.byteLength(path)).toBeLessThanOrEqual(255);
  expect(path).toMatch(/^ä{120}\..*\.srt$/);
});

test('no name of a recording leads out of the folder', () => {
  for (const input of ['talks/...mp3', 'talks/..mp3', 'talks/....']) {
    const path = fillTemplate('out/{name}/text.{format}', { ...values, input });
    expect(path).toMatch(/^out\/\.\.[.mp3]+\/text\.srt$/);
  }
});

test('standard input has a name and a folder', () => {
  expect(fillTemplate('{folder}/{name}.{format}', { ...values, input: '-' })).toBe('stdin.srt');
});

test.each([
  ['{name}', true],
  ['{1}', false],
  ['plain/{Name}.txt', false],
])('%s is a template: %s', (output, expected) => {
  expect(isTemplate(output)).toBe(expected);
});

test('a plan fills in the language when it is known', () => {
  const [plan] = planOutputs({ inputs: ['a.mp3', 'b.mp3'], formats: ['srt'], output: 'x/{name}.{language}.{format}' });
  expect(plan?.pathFor('a.mp3')).toBe(join('x', 'a.und.srt'));
  expect(plan?.pathFor('a.mp3', 'de')).toBe(join('x', 'a.de.srt'));
});

test('the ending of a template decides the format unless one is given', () => {
  const formatOf = (output: string) => planOutputs({ inputs: ['a.mp3'], formats: [], output })[0]?.format;
  expect(['{name}.srt', '{name}.{format}', '{folder}/'].map(formatOf)).toEqual(['srt', 'txt', 'txt']);
});

test('places that nobody knows, and several formats in one file, are refused', () => {
  const inputs = ['a.mp3'];
  expect(() => planOutputs({ inputs, formats: [], output: '{title}.txt' })).toThrow(
    'Expected {folder}, {name}, {language}, {format}, {date} in --output, got {title}.',
  );
  expect(() => planOutputs({ inputs, formats: ['md', 'srt'], output: '{name}.txt' })).toThrow(
    'Expected {format} in --output for 2 formats, got {name}.txt.',
  );
  expect(
    planOutputs({ inputs, formats: ['md', 'srt'], output: '{folder}/' }).map(({ pathFor }) => pathFor('a.mp3')),
  ).toEqual(['a.md', 'a.srt']);
});
