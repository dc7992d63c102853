import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findOutputPlace } from '../../../../daemon/src/cli/output/output-place.ts';
import { writeOutput, writeToPlace } from '../../../../daemon/src/cli/output/write-output.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-write-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a new file, and the folders it needs', async () => {
  await writeOutput(join(folder, 'new', 'a.txt'), 'text');
  expect(readFileSync(join(folder, 'new', 'a.txt'), 'utf8')).toBe('text');
  expect(readdirSync(join(folder, 'new'))).toEqual(['a.txt']);
});

test.each([0o600, 0o640, 0o755])('an older file is replaced as a whole and keeps its mode %i', async (mode) => {
  const path = join(folder, 'a.txt');
  writeFileSync(path, 'old and longer');
  chmodSync(path, mode);
  const { ino } = statSync(path);
  await writeOutput(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(statSync(path).mode & 0o777).toBe(mode);
  expect(statSync(path).ino).not.toBe(ino);
  expect(readdirSync(folder)).toEqual(['a.txt']);
});

test('a link is followed, also one that leads nowhere yet', async () => {
  mkdirSync(join(folder, 'real'));
  writeFileSync(join(folder, 'real', 'a.txt'), 'old', { mode: 0o600 });
  symlinkSync(join('real', 'a.txt'), join(folder, 'link'));
  symlinkSync(join('real', 'b.txt'), join(folder, 'dangling'));
  symlinkSync('link', join(folder, 'second'));
  await writeOutput(join(folder, 'second'), 'new');
  await writeOutput(join(folder, 'dangling'), 'other');
  expect(readlinkSync(join(folder, 'link'))).toBe(join('real', 'a.txt'));
  expect(readlinkSync(join(folder, 'second'))).toBe('link');
  expect(readFileSync(join(folder, 'real', 'a.txt'), 'utf8')).toBe('new');
  expect(statSync(join(folder, 'real', 'a.txt')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'real', 'b.txt'), 'utf8')).toBe('other');
  expect(lstatSync(join(folder, 'dangling')).isSymbolicLink()).toBe(true);
});

test('the other names of a file stay with it', async () => {
  writeFileSync(join(folder, 'a.txt'), 'old and longer');
  linkSync(join(folder, 'a.txt'), join(folder, 'b.txt'));
  await writeOutput(join(folder, 'a.txt'), 'new');
  expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('new');
});

test('a name of 255 bytes is written', async () => {
  for (const name of [`${'a'.repeat(251)}.txt`, `${'日'.repeat(83)}.srt`]) {
    await writeOutput(join(folder, name), 'text');
    expect(readFileSync(join(folder, name), 'utf8')).toBe('text');
  }
});

test('a pipe is written to when somebody reads it, and stays a pipe', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const content = 'said '.repeat(50_000);
  const written = writeOutput(path, content);
  const reader = spawn('cat', [path]);
  expect(await text(reader.stdout)).toBe(content);
  await written;
  expect(lstatSync(path).isFIFO()).toBe(true);
});

test('the wait for the reader of a pipe can be ended', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  await expect(writeOutput(path, 'text', AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  const controller = new AbortController();
  const written = writeOutput(path, 'text', controller.signal);
  setImmediate(() => controller.abort());
  await expect(written).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('the end of a reader is told', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  const reader = spawn('head', ['-c', '1', path]);
  await expect(writeOutput(path, 'x'.repeat(10_000_000))).rejects.toMatchObject({
    message: `Cannot write ${path}: its reader closed it.`,
  });
  await once(reader, 'close');
});

test('a device is written to and stays one', async () => {
  symlinkSync('/dev/null', join(folder, 'null'));
  await writeOutput(join(folder, 'null'), 'text');
  await writeOutput('/dev/null', 'text');
  expect(readlinkSync(join(folder, 'null'))).toBe('/dev/null');
  expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

test('what a descriptor leads to is appended to, as a redirection would', async () => {
  const script = `import { writeOutput } from ${JSON.stringify(new URL('../../../../daemon/src/cli/output/write-output.ts', import.meta.url).href)};
    process.stdout.write('before\\n');
    await writeOutput('/dev/stdout', 'text\\n');`;
  const run = (redirection: string) =>
    execFileSync(
      'bash',
      [
        '-c',
        `"$0" --disable-warning=ExperimentalWarning --input-type=module-typescript -e "$1" ${redirection}`,
        process.execPath,
        script,
      ],
      { cwd: folder, encoding: 'utf8' },
    );
  run('> file');
  expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('before\ntext\n');
  expect(run('| cat')).toBe('before\ntext\n');
});

test('a file whose folder takes no others is written to, and what may not be written is told before', () => {
  mkdirSync(join(folder, 'closed'));
  const [open, mine] = [join(folder, 'closed', 'open.txt'), join(folder, 'closed', 'mine.txt')];
  writeFileSync(open, 'old and longer');
  writeFileSync(mine, 'mine');
  chmodSync(open, 0o666);
  chmodSync(mine, 0o644);
  chmodSync(join(folder, 'closed'), 0o555);
  chmodSync(folder, 0o755);
  // Root may do everything, so where tests run as root somebody else tries.
  const script = `
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
    const { writeOutput } = await import(process.argv[1] + 'write-output.ts');
    const { checkOutputs } = await import(process.argv[1] + 'check-outputs.ts');
    const plan = (path) => ({ format: 'txt', pathFor: () => path });
    checkOutputs(plan(process.argv[2]), ['x.wav']);
    await writeOutput(process.argv[2], 'new');
    for (const path of process.argv.slice(3)) {
      try { checkOutputs(plan(path), ['x.wav']); } catch (error) { console.log(error.message); }
    }`;
  const refused = [join(folder, 'closed', 'new.txt'), ...(process.getuid?.() === 0 ? [mine] : [])];
  const output = new URL('../../../../daemon/src/cli/output/', import.meta.url).href;
  const values = ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', script];
  const told = execFileSync(process.execPath, [...values, output, open, ...refused], { encoding: 'utf8' });
  expect(told).toBe(refused.map((path) => `Cannot write ${path}: permission denied.\n`).join(''));
  expect(readFileSync(open, 'utf8')).toBe('new');
  expect(readFileSync(mine, 'utf8')).toBe('mine');
  expect(readdirSync(join(folder, 'closed'))).toEqual(['mine.txt', 'open.txt']);
  chmodSync(join(folder, 'closed'), 0o755);
});

test('a place that cannot be written is named without words of the system, and nothing is left beside it', async () => {
  const path = join(folder, 'a.txt');
  mkdirSync(path);
  writeFileSync(join(folder, 'file'), '');
  symlinkSync('circle', join(folder, 'circle'));
  const failures: readonly (readonly [string, string])[] = [
    [path, `Expected a file to write to, got ${path}, which is a folder.`],
    [join(folder, 'file', 'b'), `Cannot write ${join(folder, 'file', 'b')}: a part of the path is not a folder.`],
    [join(folder, 'circle'), `Cannot write ${join(folder, 'circle')}: the link leads back to itself.`],
    [join(folder, 'x'.repeat(256)), `Cannot write ${join(folder, 'x'.repeat(256))}: the name is too long.`],
  ];
  for (const [place, message] of failures) {
    await expect(writeOutput(place, 'new')).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE', message });
  }
  expect(readdirSync(folder)).toEqual(['a.txt', 'circle', 'file']);
});

test('what takes the place of an output after it was checked is not written through', async () => {
  const [path, other, target] = [join(folder, 'a.txt'), join(folder, 'b.txt'), join(folder, 'private.txt')];
  const fifo = join(folder, 'pipe');
  writeFileSync(target, 'private');
  const swap = (at: string) => {
    rmSync(at);
    symlinkSync(target, at);
  };
  // A new file and one that is replaced take the place of the link.
  writeFileSync(path, 'old');
  for (const place of [findOutputPlace(path), findOutputPlace(other)]) {
    rmSync(place.path, { force: true });
    symlinkSync(target, place.path);
    await writeToPlace(place, 'text');
    expect(lstatSync(place.path).isFile()).toBe(true);
  }
  // One that has other names, or is a pipe or a device, must stay what it is.
  linkSync(path, join(folder, 'other-name.txt'));
  execFileSync('mkfifo', [fifo]);
  symlinkSync('/dev/null', join(folder, 'device'));
  for (const at of [path, fifo, join(folder, 'device')]) {
    const place = findOutputPlace(at);
    swap(at);
    await expect(writeToPlace(place, 'text')).rejects.toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
  }
  expect(readFileSync(target, 'utf8')).toBe('private');
});
