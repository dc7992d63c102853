import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkOutputs } from '../../../../daemon/src/cli/output/check-outputs.ts';
import { planOutput } from '../../../../daemon/src/cli/output/plan-output.ts';
import { pathOf } from '../../../engine/fork-engine.ts';

let folder: string;
let talk: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-check-'));
  talk = join(folder, 'talk.mp3');
  writeFileSync(talk, 'sound');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function check(output: string, inputs: readonly string[] = [talk]): void {
  checkOutputs(planOutput({ inputs, output, format: 'txt' }), inputs);
}

test('a recording is never its own output, however it is named', () => {
  symlinkSync('talk.mp3', join(folder, 'link'));
  linkSync(talk, join(folder, 'hard.txt'));
  mkdirSync(join(folder, 'out'));
  symlinkSync(talk, join(folder, 'out', 'talk.txt'));
  for (const output of [
    talk,
    join(folder, 'link'),
    join(folder, 'hard.txt'),
    join(folder, 'out'),
    `${folder}/./talk.mp3`,
  ]) {
    expect(() => check(output)).toThrow(
      expect.objectContaining({
        code: 'OPTION_INVALID',
        message: expect.stringContaining('would replace the recording'),
      }),
    );
  }
  expect(() => check(talk, [join(folder, 'link')])).toThrow(`${talk}, which is ${join(folder, 'link')}.`);
  expect(readFileSync(talk, 'utf8')).toBe('sound');
});

test('one recording is not the output of another', () => {
  writeFileSync(join(folder, 'a.txt'), 'sound');
  writeFileSync(join(folder, 'a.b.wav'), 'sound');
  linkSync(join(folder, 'a.txt'), join(folder, 'a.b.txt'));
  expect(() => check(folder, [join(folder, 'a.b.wav'), join(folder, 'a.txt')])).toThrow('would replace the recording');
});

test('two transcripts do not go into one file', () => {
  const second = join(folder, 'second.mp3');
  writeFileSync(second, 'sound');
  mkdirSync(join(folder, 'out'));
  symlinkSync('second.txt', join(folder, 'out', 'talk.txt'));
  expect(() => check(join(folder, 'out'), [talk, second])).toThrow('would be written to one file');
});

test('a read-only file is refused', () => {
  const path = join(folder, 'kept.txt');
  writeFileSync(path, 'kept');
  chmodSync(path, 0o444);
  expect(() => check(path)).toThrow(
    expect.objectContaining({ code: 'OUTPUT_NOT_WRITABLE', message: expect.stringContaining(path) }),
  );
});

test('a folder that cannot be made is told before', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => check(join(folder, 'file', 'new', 'a.txt'))).toThrow('a part of the path is not a folder');
  mkdirSync(join(folder, 'out', 'talk.txt'), { recursive: true });
  expect(() => check(join(folder, 'out'))).toThrow('which is a folder');
});

test.each(['/proc/nope/a.txt', '/proc/nope/deeper/a.txt', '/sys/nope/a.txt'])(
  '%s is refused, not waited for',
  (path) => {
    if (existsSync('/proc/self')) expect(() => check(path)).toThrow(`Cannot write ${path}:`);
  },
);

test('nothing is left of the look, whether it went well or not', () => {
  writeFileSync(join(folder, 'file'), '');
  check(join(folder, 'new', 'deeper', 'a.txt'));
  expect(() => check(join(folder, 'other', 'x'.repeat(256), 'a.txt'))).toThrow('the name is too long');
  expect(readdirSync(folder)).toEqual(['file', 'talk.mp3']);
});

test('a folder for many transcripts is tried once', () => {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const [modules, out, ...inputs] = process.argv.slice(1);
    const { openSync } = fs;
    let files = 0;
    fs.openSync = (path, flags) => { files += flags === 'wx' ? 1 : 0; return openSync(path, flags); };
    syncBuiltinESMExports();
    const { checkOutputs } = await import(modules + 'check-outputs.js');
    const { planOutput } = await import(modules + 'plan-output.js');
    checkOutputs(planOutput({ inputs, output: out, format: 'txt' }), inputs);
    console.log(files);`;
  const inputs = Array.from({ length: 20 }, (_, index) => join(folder, `talk-${index}.mp3`));
  for (const input of inputs) writeFileSync(input, 'sound');
  mkdirSync(join(folder, 'out'));
  const values = [pathOf('daemon/dist/cli/output/'), join(folder, 'out'), ...inputs];
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script, ...values], {
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' });
});

test('names that no disk takes, and links in a circle, are told in words', () => {
  symlinkSync('circle.txt', join(folder, 'circle.txt'));
  expect(() => check(join(folder, `${'x'.repeat(252)}.txt`))).toThrow('the name is too long');
  expect(() => check(join(folder, 'circle.txt'))).toThrow('the link leads back to itself');
});

test('a new file, one that may be replaced, a device and standard output are fine', () => {
  writeFileSync(join(folder, 'a.txt'), 'old');
  for (const output of ['a.txt', 'b.txt', 'new/folder/']) check(join(folder, output));
  check('/dev/null');
  check('-');
});
