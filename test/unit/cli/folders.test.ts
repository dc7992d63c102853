import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pathOf } from '../../engine/fork-engine.ts';
import { jobEvents, type StandInDaemon, segment, startStandInDaemon, transcript } from '../../stand-ins/daemon.ts';

let daemon: StandInDaemon;
let sent: string[];

beforeEach(async () => {
  sent = [];
  daemon = await startStandInDaemon(async (request, response) => {
    if (request.url?.startsWith('/v1/jobs') === true) return void response.end(JSON.stringify({ warnings: [] }));
    const upload = String(await buffer(request));
    sent.push(upload);
    response.end(jobEvents({ type: 'job-done', result: transcript([segment(0, 1, ` ${upload}`)]) }));
  });
  for (const folder of ['talks', 'talks/2024', 'talks/.hidden', 'empty']) mkdirSync(join(daemon.home, folder));
  for (const name of ['talks/b.wav', 'talks/a.MP3', 'talks/notes.txt', 'talks/2024/c.m4a', 'talks/.hidden/d.wav']) {
    writeFileSync(join(daemon.home, name), `sound of ${name}`);
  }
});

afterEach(() => daemon.close());

async function transcribe(...values: readonly string[]) {
  const child = spawn(process.execPath, [pathOf('daemon/dist/cli/main.js'), 'transcribe', ...values], {
    ...{ cwd: daemon.home, env: { ...process.env, HEARTH_HOME: daemon.home }, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

test('the recordings in a folder and below it are transcribed, and those that are done are skipped', async () => {
  const first = await transcribe('talks', '--recursive', '-o', 'texts/');
  expect(first).toEqual({ stdout: '', stderr: '3 done\n', code: 0 });
  expect(readdirSync(join(daemon.home, 'texts')).sort()).toEqual(['a.txt', 'b.txt', 'c.txt']);
  expect(sent.toSorted()).toEqual(['sound of talks/2024/c.m4a', 'sound of talks/a.MP3', 'sound of talks/b.wav']);

  writeFileSync(join(daemon.home, 'texts', 'a.txt'), 'corrected');
  writeFileSync(join(daemon.home, 'talks', 'new.wav'), 'new');
  const next = await transcribe('talks', '--recursive', '-o', 'texts/', '--skip-existing');
  expect(next).toEqual({ stdout: '', stderr: '3 skipped\n', code: 0 });
  expect(sent.slice(3)).toEqual(['new']);
  expect(readFileSync(join(daemon.home, 'texts', 'a.txt'), 'utf8')).toBe('corrected');
  const template = 'texts/{language}/{name}.txt';
  mkdirSync(join(daemon.home, 'texts', 'de'));
  writeFileSync(join(daemon.home, 'texts', 'de', 'a.txt'), 'in whatever language');
  const byLanguage = await transcribe('talks/a.MP3', 'talks/b.wav', '-o', template, '--skip-existing');
  expect(byLanguage).toMatchObject({ stderr: '1 skipped\n', code: 0 });
  expect(sent.slice(4)).toEqual(['sound of talks/b.wav']);
  mkdirSync(join(daemon.home, 'texts', '2024-02-29 (de)'));
  writeFileSync(join(daemon.home, 'texts', '2024-02-29 (de)', 'a 2024-02-29.txt'), 'of an earlier day');
  writeFileSync(join(daemon.home, 'texts', '2024-02-29 (de)', 'b 2024-02-2.txt'), 'of no day');
  const byDay = 'texts/{date} ({language})/{name} {date}.txt';
  const laterOn = await transcribe('talks/a.MP3', 'talks/b.wav', '-o', byDay, '--skip-existing');
  expect(laterOn).toMatchObject({ stderr: '1 skipped\n', code: 0 });
  expect(sent.slice(5)).toEqual(['sound of talks/b.wav']);
  const all = await transcribe('talks', '--recursive', '-o', 'texts/', '--skip-existing', '--quiet');
  expect(all).toEqual({ stdout: '', stderr: '', code: 0 });
});

test('what is no file in a folder is told and skipped, and is never waited for', async () => {
  const talks = join(daemon.home, 'talks');
  execFileSync('mkfifo', [join(talks, 'pipe.wav')]);
  symlinkSync('/dev/zero', join(talks, 'endless.wav'));
  symlinkSync('nowhere', join(talks, 'lost.wav'));
  symlinkSync('2024', join(talks, 'year.wav'));
  symlinkSync('b.wav', join(talks, 'same.wav'));
  const socket = createServer().listen(join(talks, '2024', 'socket.wav'));
  await once(socket, 'listening');
  const { stderr, code } = await transcribe('talks', '--recursive', '-o', 'texts/');
  socket.close();
  expect(code).toBe(0);
  expect(stderr.split('\n')).toEqual([
    'hearth: talks/2024/socket.wav was skipped: it is a socket.',
    'hearth: talks/endless.wav was skipped: it is a link to a device.',
    expect.stringContaining('hearth: talks/lost.wav was skipped: its link cannot be followed: '),
    'hearth: talks/pipe.wav was skipped: it is a pipe.',
    'hearth: talks/year.wav was skipped: it is a link to a folder.',
    '4 done',
    '',
  ]);
  expect(sent).toHaveLength(4);
});

(process.platform === 'linux' ? test : test.skip)(
  'names that are no UTF-8 are told, escaped, and never taken for others',
  async () => {
    const talks = join(daemon.home, 'talks');
    const nameOf = (text: string) => Buffer.concat([Buffer.from(`${talks}/`), Buffer.from(text, 'latin1')]);
    writeFileSync(nameOf('caf\xe9.wav'), 'not heard');
    writeFileSync(join(talks, 'caf\ufffd.wav'), 'another one');
    mkdirSync(nameOf('\xe9t\xe9'));
    const { stderr, code } = await transcribe('talks', '--recursive', '-o', 'texts/');
    expect([code, stderr.split('\n').toSorted()]).toEqual([
      0,
      [
        '',
        '4 done',
        'hearth: talks/\\xe9t\\xe9 was skipped: its name is not UTF-8.',
        'hearth: talks/caf\\xe9.wav was skipped: its name is not UTF-8.',
      ].toSorted(),
    ]);
    expect(sent).not.toContain('not heard');
    // A shell, since Node's own arguments are text.
    const named = spawn(
      'sh',
      [
        '-c',
        '"$0" "$1" transcribe "$(printf "talks/caf\\351.wav")"',
        process.execPath,
        pathOf('daemon/dist/cli/main.js'),
      ],
      {
        ...{ cwd: daemon.home, env: { ...process.env, HEARTH_HOME: daemon.home }, stdio: ['ignore', 'ignore', 'pipe'] },
      },
    );
    const [told, [status]] = await Promise.all([text(named.stderr as NodeJS.ReadableStream), once(named, 'close')]);
    expect([status, told]).toEqual([
      2,
      expect.stringContaining('Expected an argument in UTF-8, got talks/caf\\xe9.wav.'),
    ]);
    expect(sent).toHaveLength(4);
  },
);

test('a folder needs --recursive and recordings, and skipping needs a folder of transcripts', async () => {
  const cases = [
    [['talks'], 'talks is a folder. Add --recursive'],
    [['empty', '--recursive'], 'Expected recordings in the folder empty, got none.'],
    [['talks', '--recursive', '--skip-existing'], 'Expected --output beside --skip-existing, got standard output.'],
  ] as const;
  for (const [values, told] of cases) {
    const result = await transcribe(...values);
    expect([values, result.code, result.stderr]).toEqual([values, 2, expect.stringContaining(told)]);
  }
  expect(sent).toEqual([]);
});
