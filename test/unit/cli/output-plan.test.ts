import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { planOutput } from '../../../daemon/src/cli/output-plan.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-plan-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('without an output, plain text goes to standard output', () => {
  const plan = planOutput({ inputs: ['talk.mp3'] });
  expect(plan.format).toBe('txt');
  expect(plan.pathFor('talk.mp3')).toBeNull();
});

test('the ending of the output decides the format unless one is given', () => {
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.srt' }).format).toBe('srt');
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.ndjson' }).format).toBe('ndjson');
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.doc' }).format).toBe('txt');
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.srt', format: 'vtt' }).format).toBe('vtt');
});

test('one input goes to the file that is named', () => {
  expect(planOutput({ inputs: ['a.mp3'], output: 'b.txt' }).pathFor('a.mp3')).toBe('b.txt');
});

test('a folder gets one file per input, named after it', () => {
  expect(planOutput({ inputs: ['x/a.mp3'], output: folder }).pathFor('x/a.mp3')).toBe(join(folder, 'a.txt'));
  expect(planOutput({ inputs: ['a.mp3'], output: 'new/' }).pathFor('a.mp3')).toBe(join('new', 'a.txt'));
  const several = planOutput({ inputs: ['a.b.mp3', '-'], output: 'new', format: 'srt' });
  expect(several.pathFor('a.b.mp3')).toBe(join('new', 'a.b.srt'));
  expect(several.pathFor('-')).toBe(join('new', 'stdin.srt'));
});

test('two inputs whose transcripts would overwrite each other are refused before any is transcribed', () => {
  expect(() => planOutput({ inputs: ['x/a.mp3', 'y/a.wav'], output: folder })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('x/a.mp3 and y/a.wav') }),
  );
});

test.each(['srt', 'vtt', 'tsv'] as const)('several inputs are not run together into one %s', (format) => {
  expect(() => planOutput({ inputs: ['a.mp3', 'b.mp3'], format })).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID' }),
  );
});
