import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { planOutput, planOutputs } from '../../../../daemon/src/cli/output/plan-output.ts';

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
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.SRT' }).format).toBe('srt');
  expect(planOutput({ inputs: ['a.mp3'], output: 'notes' }).format).toBe('txt');
  expect(planOutput({ inputs: ['a.mp3'], output: 'Dr. Smith, 2026.11.29' }).format).toBe('txt');
  expect(planOutput({ inputs: ['a.mp3'], output: 'a.srt', format: 'vtt' }).format).toBe('vtt');
});

test.each(['a.pdf', 'a.mp3', 'folder.d/a.PDF'])('%s has an ending that is no format', (output) => {
  expect(() => planOutput({ inputs: ['a.mp3'], output })).toThrow(
    expect.objectContaining({
      code: 'OPTION_INVALID',
      message: `Expected a name that ends in .txt, .srt, .vtt, .tsv, .json, .md, .lrc, .docx, .ndjson, got ${output}.`,
    }),
  );
  expect(planOutput({ inputs: ['a.mp3'], output, format: 'txt' }).format).toBe('txt');
});

test('a dash is standard output', () => {
  const plan = planOutput({ inputs: ['a.mp3'], output: '-', format: 'srt' });
  expect([plan.format, plan.pathFor('a.mp3')]).toEqual(['srt', null]);
  expect(() => planOutput({ inputs: ['a.mp3', 'b.mp3'], output: '-', format: 'srt' })).toThrow('on standard output');
});

test('several formats need a folder, and docx a file', () => {
  const inputs = ['talk.mp3'];
  const formats = ['md', 'docx'] as const;
  const planned = (output?: string) => planOutputs({ inputs, formats, output });
  expect(planned('out/').map(({ format, pathFor }) => [format, pathFor('talk.mp3')])).toEqual([
    ['md', join('out', 'talk.md')],
    ['docx', join('out', 'talk.docx')],
  ]);
  expect(planned('out')[0]?.pathFor('talk.mp3')).toBe(join('out', 'talk.md'));
  expect(() => planned()).toThrow('Expected a folder for 2 formats, got standard output.');
  expect(() => planned('-')).toThrow('got standard output.');
  expect(() => planned('talk.md')).toThrow('Expected a folder for 2 formats, got talk.md.');
  expect(() => planOutput({ inputs, format: 'docx' })).toThrow('Expected a file for docx, got standard output.');
  expect(planOutputs({ inputs, formats: [], output: 'talk.docx' }).map(({ format }) => format)).toEqual(['docx']);
});

test('an empty name is refused', () => {
  expect(() => planOutput({ inputs: ['a.mp3'], output: '' })).toThrow('got an empty name');
});

test('several inputs need a folder, not a file or what is named like one', async () => {
  const inputs = ['a.mp3', 'b.mp3'];
  const file = join(folder, 'notes');
  await writeFile(file, '');
  expect(() => planOutput({ inputs, output: file })).toThrow(`a folder for 2 recordings, got the file ${file}.`);
  expect(() => planOutput({ inputs, output: '/dev/null' })).toThrow('got the file /dev/null.');
  expect(() => planOutput({ inputs, output: 'out.txt' })).toThrow('a folder for 2 recordings, got out.txt.');
  expect(() => planOutput({ inputs, output: 'out.SRT' })).toThrow('got out.SRT.');
  expect(planOutput({ inputs, output: 'out.txt/' }).pathFor('a.mp3')).toBe(join('out.txt', 'a.txt'));
  expect(planOutput({ inputs, output: 'v1.2' }).pathFor('a.mp3')).toBe(join('v1.2', 'a.txt'));
});

test('names that are one but for capitals, or once they are cut, stay apart', () => {
  const long = 'あ'.repeat(84);
  const inputs = ['x/Talk.mp3', 'y/talk.mp3', `${long}1.mp3`, `${long}2.mp3`];
  const plan = planOutput({ inputs, output: 'out/' });
  const names = inputs.map((input) => plan.pathFor(input)?.slice('out/'.length) ?? '');
  expect(names).toEqual(['Talk.txt', 'talk 2.txt', `${'あ'.repeat(83)}.txt`, `${'あ'.repeat(83)} 2.txt`].map(String));
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
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
