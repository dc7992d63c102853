import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Transcript } from '../../../../daemon/src/protocol/transcript.ts';
import type { WatchRules } from '../../../../daemon/src/protocol/watched-folders.ts';
import { moveRecording } from '../../../../daemon/src/server/watch/move-recording.ts';
import { fingerprintOf } from '../../../../daemon/src/server/watch/recording-content.ts';
import { planTranscripts, writeTranscript } from '../../../../daemon/src/server/watch/write-transcripts.ts';
import { noTimings } from '../../../stand-ins/timings.ts';

/** A file system of its own on Linux. */
const otherDisk = '/dev/shm';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-write-'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(recording: string, path: string, text: string): Promise<void> {
  const scores = { tokens: [], temperature: 0, avg_logprob: 0, compression_ratio: 1, no_speech_prob: 0 };
  const segments = [{ id: 0, seek: 0, start: 0, end: 1, text, ...scores }];
  const transcript: Transcript = {
    ...{ text, language: 'en', language_probability: null, language_probabilities: null, duration: 1 },
    ...{ segments, warnings: [] },
    ...{ model: 'base', task: 'transcribe', timings: noTimings },
  };
  const origin = { name: 'talk.wav', createdAt: new Date(0) };
  return writeTranscript({ format: 'txt', path }, { recording, transcript, options: {}, origin });
}

test('of two recordings that get one name at once, the second is told, and the first has its own text', async () => {
  for (let round = 0; round < 50; round++) {
    const path = join(root, `${round}.txt`);
    const texts = ['one ', 'other '].map((word) => word.repeat(5000).trim());
    const ends = await Promise.allSettled(texts.map((text, i) => write(`/recordings/${i}/talk.wav`, path, text)));
    const written = ends.flatMap(({ status }, i) => (status === 'fulfilled' ? [`${texts[i]}\n`] : []));
    expect(written).toEqual([readFileSync(path, 'utf8')]);
  }
  expect(readdirSync(root)).toHaveLength(50);
});

test('a link that somebody put under the name of the unfinished file is not followed', async () => {
  const other = join(root, 'diary');
  writeFileSync(other, 'dear diary');
  const path = join(root, 'talk.txt');
  for (const key of [path, `${path}\0/recordings/talk.wav`]) {
    symlinkSync(other, join(root, `.hearth-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.part`));
  }
  await write('/recordings/talk.wav', path, 'Hello.');
  expect([readFileSync(path, 'utf8'), readFileSync(other, 'utf8')]).toEqual(['Hello.\n', 'dear diary']);
});

/** A recording as it was when it was transcribed. */
function transcribed(path: string) {
  const { ino, birthtimeMs, size, mtimeMs, ctimeMs } = statSync(path);
  return { path, node: `${ino}:${birthtimeMs}`, size, mtimeMs, ctimeMs, fingerprint: null };
}

test('a recording that has changed since it was transcribed is not moved, and one that was only touched is', async () => {
  const [from, wanted] = [join(root, 'talk.wav'), join(root, 'done', 'talk.wav')];
  writeFileSync(from, 'first sound');
  const before = { ...transcribed(from), fingerprint: await fingerprintOf({ path: from, size: 11 }) };
  appendFileSync(from, ' and more');
  await moveRecording(before, wanted);
  expect([existsSync(wanted), readFileSync(from, 'utf8')]).toEqual([false, 'first sound and more']);
  rmSync(from);
  writeFileSync(from, 'other sound');
  utimesSync(from, 1, 1);
  await moveRecording(before, wanted);
  expect([existsSync(wanted), readFileSync(from, 'utf8')]).toEqual([false, 'other sound']);
  writeFileSync(from, 'first sound');
  await moveRecording(before, wanted);
  expect([existsSync(from), readFileSync(wanted, 'utf8')]).toEqual([false, 'first sound']);
});

test('a pipe or a link in the place of a recording is not opened', async () => {
  const [pipe, linked, file] = ['pipe.wav', 'link.wav', 'talk.wav'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  execFileSync('mkfifo', [pipe]);
  writeFileSync(file, 'sound');
  symlinkSync(file, linked);
  for (const path of [pipe, linked]) {
    await expect(fingerprintOf({ path, size: 5 })).rejects.toMatchObject({ syscall: 'open' });
  }
});

const onOtherDisk = existsSync(otherDisk) ? test : test.skip;
/** What a file has as an extended attribute; null where there is none, or the disk has none. */
function note(path: string, written?: string): string | null {
  const program =
    written === undefined
      ? 'import os,sys; print(os.getxattr(sys.argv[1], "user.note").decode(), end="")'
      : 'import os,sys; os.setxattr(sys.argv[1], "user.note", sys.argv[2].encode())';
  const { status, stdout } = spawnSync('python3', ['-c', program, path, written ?? ''], { encoding: 'utf8' });
  return status === 0 ? stdout : null;
}

onOtherDisk.each([0o640, 0o400, 0o777])(
  'a recording that is moved to another disk keeps its times, its mode %o and its attributes',
  async (mode) => {
    const disk = mkdtempSync(join(otherDisk, 'hearth-write-'));
    try {
      const path = join(root, 'talk.wav');
      writeFileSync(path, 'sound'.repeat(500_000));
      note(path, 'from ada');
      writeFileSync(join(disk, 'probe'), '');
      note(join(disk, 'probe'), 'from ada');
      const expected = note(path) === null ? null : note(join(disk, 'probe'));
      chmodSync(path, mode);
      utimesSync(path, 1e9, 1e9 + 0.25);
      const { ino, birthtimeMs, size, mtimeMs, ctimeMs } = statSync(path);
      const fingerprint = await fingerprintOf({ path, size });
      await moveRecording(
        { path, node: `${ino}:${birthtimeMs}`, size, mtimeMs, ctimeMs, fingerprint },
        join(disk, 'done', 'talk.wav'),
      );
      const moved = join(disk, 'done', 'talk.wav');
      const status = statSync(moved);
      expect([status.mtimeMs, status.mode & 0o777, status.size]).toEqual([1e12 + 250, mode, 2_500_000]);
      expect([note(moved), readdirSync(root), readdirSync(join(disk, 'done'))]).toEqual([expected, [], ['talk.wav']]);
    } finally {
      rmSync(disk, { recursive: true });
    }
  },
);

onOtherDisk(`two recordings of one name are moved to another disk at once, if there is ${otherDisk}`, async () => {
  const disk = mkdtempSync(join(otherDisk, 'hearth-write-'));
  try {
    for (let round = 0; round < 20; round++) {
      const froms = ['one', 'other'].map((name) => join(disk, name, `${round}.wav`));
      const sounds = ['1', '2'].map((byte) => byte.repeat(300_000));
      for (const [i, from] of froms.entries()) {
        mkdirSync(join(from, '..'), { recursive: true });
        writeFileSync(from, sounds[i] as string);
      }
      const done = join(root, `done ${round}`);
      await Promise.all(froms.map((from) => moveRecording(transcribed(from), join(done, `${round}.wav`))));
      const names = readdirSync(done);
      expect(names.map((name) => readFileSync(join(done, name), 'utf8')).sort()).toEqual(sounds);
      expect(froms.filter((from) => existsSync(from))).toEqual([]);
    }
  } finally {
    rmSync(disk, { recursive: true });
  }
});

// Only root mounts disks, whose files have the same numbers.
const canMount =
  process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
(canMount ? test : test.skip)(
  'a file that has the name and the number of the recording on another disk is another file',
  async () => {
    const [from, to] = ['watched', 'done'].map((name) => {
      mkdirSync(join(root, name));
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', join(root, name)]).status).toBe(0);
      return join(root, name, 'talk.wav');
    }) as [string, string];
    try {
      writeFileSync(from, 'their sound');
      writeFileSync(to, 'mine');
      expect(statSync(from).ino).toBe(statSync(to).ino);
      await moveRecording(transcribed(from), to);
      const second = join(root, 'done', 'talk 2.wav');
      expect([readFileSync(to, 'utf8'), readFileSync(second, 'utf8')]).toEqual(['mine', 'their sound']);
    } finally {
      for (const path of [from, to]) spawnSync('umount', [join(path, '..')]);
    }
  },
);

onOtherDisk('what somebody saves under the name while a recording is copied there is not replaced', async () => {
  const disk = mkdtempSync(join(otherDisk, 'hearth-write-'));
  const done = join(root, 'done');
  mkdirSync(done);
  const from = join(disk, 'talk.wav');
  writeFileSync(from, Buffer.alloc(8_000_000, 'sound'));
  writeFileSync(join(done, 'talk.wav.hearth-part'), 'mine, too');
  // The copy has begun when its first name is there.
  const begun = watch(done);
  begun.once('change', () => writeFileSync(join(done, 'talk.wav'), 'mine'));
  try {
    await moveRecording(transcribed(from), join(done, 'talk.wav'));
    const read = (name: string) => readFileSync(join(done, name), 'utf8').slice(0, 9);
    expect(['talk.wav', 'talk.wav.hearth-part'].map(read)).toEqual(['mine', 'mine, too']);
    expect(readdirSync(done).sort()).toEqual(['talk 2.wav', 'talk.wav', 'talk.wav.hearth-part']);
    expect([statSync(join(done, 'talk 2.wav')).size, existsSync(from)]).toEqual([8_000_000, false]);
  } finally {
    begun.close();
    rmSync(disk, { recursive: true });
  }
});

test('the longest name that a disk takes is cut for what is written beside the recording, and for a number', async () => {
  const recording = join(root, `${'ä'.repeat(125)}a.wav`);
  writeFileSync(recording, 'sound');
  const done = join(root, 'done');
  mkdirSync(done);
  const rules = { to: null, formats: ['txt', 'json'], moveDone: done } as unknown as WatchRules;
  for (let number = 1; number <= 2; number++) {
    const { outputs, movedTo } = await planTranscripts(recording, rules);
    for (const { path } of outputs) await write(recording, path, 'hello');
    await moveRecording(transcribed(recording), movedTo as string);
    writeFileSync(recording, 'sound again');
  }
  expect(readdirSync(done).sort()).toEqual([`${'ä'.repeat(124)} 2.wav`, `${'ä'.repeat(125)}a.wav`].sort());
  expect(readdirSync(root).filter((name) => /\.(txt|json)$/.test(name))).toHaveLength(4);
});
