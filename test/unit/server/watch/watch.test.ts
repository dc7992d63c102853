import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import type { WatchedFolder, WatchRequest } from '../../../../daemon/src/protocol/watched-folders.ts';
import { type Served, serveStandIn } from '../http/serve-stand-in.ts';

let served: Served;
let root: string;
let folder: string;

beforeEach(async () => {
  served = await serveStandIn();
  root = mkdtempSync(join(tmpdir(), 'hearth-watch-'));
  folder = join(root, 'recordings');
  mkdirSync(folder);
});

afterEach(async () => {
  await served.close();
  rmSync(root, { recursive: true });
});

function post(path: string, body?: object) {
  const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return served.ask({
    method: 'POST',
    path,
    headers,
    body: Buffer.from(body === undefined ? '' : JSON.stringify(body)),
  });
}

async function watch(rules: Partial<WatchRequest> = {}): Promise<WatchedFolder> {
  const answer = await post('/v1/watch', { path: folder, ...rules });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return answer.json<WatchedFolder>();
}

async function state(): Promise<WatchedFolder> {
  const { folders } = (await served.ask({ path: '/v1/watch' })).json<{ folders: readonly WatchedFolder[] }>();
  return folders[0] as WatchedFolder;
}

/** Asks until it is so. */
async function until(isSo: (folder: WatchedFolder) => boolean): Promise<WatchedFolder> {
  for (;;) {
    const now = await state();
    if (isSo(now)) return now;
  }
}

const add = (name: string, bytes = `sound of ${name}`) => writeFileSync(join(folder, name), bytes);

/** Lets the next recording be heard; its name. */
async function hear(text: string): Promise<string> {
  const { task, finish } = await served.nextRun();
  finish(text);
  return task.audioPath;
}

/** The number of jobs that there ever were. */
async function jobs(): Promise<number> {
  return (await served.ask({ path: '/v1/jobs' })).json<{ jobs: readonly unknown[] }>().jobs.length;
}

test('a new recording is transcribed beside it; one that was there before, a hidden and another file are not', async () => {
  add('old.wav');
  await watch({ formats: ['srt', 'txt'], options: { language: 'de' } });
  add('.talk.wav.icloud');
  add('notes.pdf');
  add('talk.wav');
  const { task, finish } = await served.nextRun();
  expect(task).toMatchObject({ audioPath: join(folder, 'talk.wav'), priority: 'bulk', options: { language: 'de' } });
  finish('Good morning.');
  await until(({ counts }) => counts.done === 1);
  expect(readFileSync(join(folder, 'talk.txt'), 'utf8')).toBe('Good morning.\n');
  expect(readdirSync(folder).sort()).toEqual([
    '.talk.wav.icloud',
    'notes.pdf',
    'old.wav',
    'talk.srt',
    'talk.txt',
    'talk.wav',
  ]);
  expect(await jobs()).toBe(1);
});

test('one that was renamed, touched or put back under its name is not transcribed again; another one is', async () => {
  await watch();
  add('talk.wav');
  await hear('One.');
  await until(({ counts }) => counts.done === 1);
  renameSync(join(folder, 'talk.wav'), join(folder, 'renamed.wav'));
  utimesSync(join(folder, 'renamed.wav'), 1, 1);
  add('other.wav');
  expect(await hear('Two.')).toBe(join(folder, 'other.wav'));
  await until(({ counts }) => counts.done === 2 && counts.waiting === 0);
  // What a cloud brings back is a new file of the same name.
  rmSync(join(folder, 'renamed.wav'));
  add('renamed.wav', 'sound of talk.wav');
  add('last.wav');
  expect(await hear('Last.')).toBe(join(folder, 'last.wav'));
  await until(({ counts }) => counts.done === 3 && counts.waiting === 0);
  add('renamed.wav', 'another recording under the same name');
  expect(await hear('Three.')).toBe(join(folder, 'renamed.wav'));
  await until(({ counts }) => counts.done === 4);
  expect(await jobs()).toBe(4);
});

test('one of the same length and the same time under the same name is another one; put back, it is not', async () => {
  await watch();
  const put = (said: string) => {
    writeFileSync(join(root, 'next.wav'), said);
    utimesSync(join(root, 'next.wav'), 5, 5);
    renameSync(join(root, 'next.wav'), join(folder, 'REC001.wav'));
  };
  put('Monday');
  await hear('Monday.');
  await until(({ counts }) => counts.done === 1);
  put('Sunday');
  await hear('Sunday.');
  await until(({ counts }) => counts.done === 2);
  put('Sunday');
  add('last.wav');
  expect(await hear('Last.')).toBe(join(folder, 'last.wav'));
  await until(({ counts }) => counts.done === 3 && counts.waiting === 0);
  expect(await jobs()).toBe(3);
});

test('a new one with the name, the time and the length of one that was there before is transcribed', async () => {
  const recorded = new Date('2000-01-01');
  const record = (name: string, sound: string) => {
    add(name, sound);
    utimesSync(join(folder, name), recorded, recorded);
  };
  record('REC001.wav', 'first');
  record('REC002.wav', 'other');
  await watch();
  rmSync(join(folder, 'REC001.wav'));
  chmodSync(join(folder, 'REC002.wav'), 0o600);
  record('REC003.wav', 'third');
  record('REC001.wav', 'again');
  const heard = [await hear('One.'), await hear('Two.')];
  expect(heard.sort()).toEqual([join(folder, 'REC001.wav'), join(folder, 'REC003.wav')]);
  await until(({ counts }) => counts.done === 2 && counts.waiting === 0);
  expect(await jobs()).toBe(2);
});

test('one that was there before is known again when a backup or a cloud brings it back, or something touches it', async () => {
  for (const name of ['restored.wav', 'touched.wav', 'rewritten.wav']) {
    add(name);
    utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
  }
  await watch();
  // A look at the folder has ended.
  add('first.wav');
  expect(await hear('First.')).toBe(join(folder, 'first.wav'));
  await until(({ counts }) => counts.done === 1);
  const [place, copy] = [join(folder, 'restored.wav'), join(root, 'copy.wav')];
  copyFileSync(place, copy);
  utimesSync(copy, 1_700_000_000, 1_700_000_000);
  rmSync(place);
  renameSync(copy, place);
  utimesSync(join(folder, 'touched.wav'), 1_700_000_001, 1_700_000_001);
  add('rewritten.wav');
  add('last.wav');
  expect(await hear('Last.')).toBe(join(folder, 'last.wav'));
  const { counts } = await until((each) => each.counts.done === 2 && each.counts.waiting === 0);
  expect([counts.running, await jobs()]).toEqual([0, 2]);
});

test('one that is overwritten with the same length and the same time is another one; one with new permissions is not', async () => {
  await watch();
  const place = join(folder, 'REC001.wav');
  const put = (said: string) => {
    writeFileSync(place, said);
    utimesSync(place, 5, 5);
  };
  put('Monday');
  await hear('Monday.');
  await until(({ counts }) => counts.done === 1);
  put('Sunday');
  expect(await hear('Sunday.')).toBe(place);
  await until(({ counts }) => counts.done === 2);
  chmodSync(place, 0o600);
  put('Monday');
  add('last.wav');
  expect(await hear('Last.')).toBe(join(folder, 'last.wav'));
  await until(({ counts }) => counts.done === 3 && counts.waiting === 0);
  expect(await jobs()).toBe(3);
});

test('a folder that is removed has no more written for it, also when it is added again', async () => {
  const rules = { to: join(root, 'texts'), existing: true };
  const { id } = await watch(rules);
  add('talk.wav');
  const first = await served.nextRun();
  expect((await served.ask({ method: 'DELETE', path: `/v1/watch/${id}` })).status).toBe(204);
  await watch(rules);
  const second = await served.nextRun();
  expect(second.task.audioPath).toBe(first.task.audioPath);
  first.finish('Of the folder that was removed.');
  second.finish('Good morning.');
  await until(({ counts }) => counts.done === 1);
  expect(readdirSync(join(root, 'texts'))).toEqual(['talk.txt']);
  expect(readFileSync(join(root, 'texts', 'talk.txt'), 'utf8')).toBe('Good morning.\n');
  const { jobs: all } = (await served.ask({ path: '/v1/jobs' })).json<{
    jobs: readonly { readonly state: string }[];
  }>();
  expect(all.map(({ state: ended }) => ended).sort()).toEqual(['cancelled', 'done']);
});

test('a folder that is removed while its transcripts cannot be written gets none later', async () => {
  writeFileSync(join(root, 'texts'), 'a file in the place of the folder');
  const { id } = await watch({ to: join(root, 'texts') });
  add('talk.wav');
  await hear('Good morning.');
  await until(({ problem }) => problem !== null);
  await served.ask({ method: 'DELETE', path: `/v1/watch/${id}` });
  rmSync(join(root, 'texts'));
  await watch({ to: join(root, 'texts') });
  add('other.wav');
  expect(await hear('Other.')).toBe(join(folder, 'other.wav'));
  await until(({ counts }) => counts.done === 1);
  expect(readdirSync(join(root, 'texts'))).toEqual(['other.txt']);
});

test('one of the same length that begins and ends alike is another one; touched, it is not', async () => {
  await watch();
  const silence = ' '.repeat(100_000);
  const path = join(folder, 'memo.wav');
  add('memo.wav', `${silence}Monday ${silence}`);
  await hear('Monday.');
  await until(({ counts }) => counts.done === 1);
  rmSync(path);
  add('memo.wav', `${silence}Tuesday${silence}`);
  utimesSync(path, 5, 5);
  expect(await hear('Tuesday.')).toBe(path);
  await until(({ counts }) => counts.done === 2);
  utimesSync(path, 9, 9);
  add('last.wav');
  expect(await hear('Last.')).toBe(join(folder, 'last.wav'));
  await until(({ counts }) => counts.done === 3 && counts.waiting === 0);
  expect(await jobs()).toBe(3);
});

test('a recording waits while it grows, and one that is only in the cloud until it is downloaded', async () => {
  await watch();
  add('empty.wav', '');
  writeFileSync(join(folder, 'cloud.wav'), '');
  truncateSync(join(folder, 'cloud.wav'), 1_000_000);
  expect((await until(({ counts }) => counts.notDownloaded === 1 && counts.waiting === 1)).counts.running).toBe(0);
  expect(await jobs()).toBe(0);
  appendFileSync(join(folder, 'empty.wav'), 'now there is sound');
  expect(await hear('Grown.')).toBe(join(folder, 'empty.wav'));
  add('cloud.wav', 'downloaded');
  expect(await hear('Downloaded.')).toBe(join(folder, 'cloud.wav'));
  await until(({ counts }) => counts.done === 2 && counts.notDownloaded === 0);
});

test('nothing is replaced: transcripts and moved recordings get a number', async () => {
  const [to, done] = [join(root, 'texts'), join(root, 'done')];
  for (const path of [to, done]) mkdirSync(path);
  writeFileSync(join(to, 'talk.txt'), 'mine');
  writeFileSync(join(done, 'talk.wav'), 'mine');
  await watch({ to, moveDone: done });
  add('talk.wav', 'sound');
  await hear('Said.');
  await until(({ counts }) => counts.done === 1);
  expect(readFileSync(join(to, 'talk.txt'), 'utf8')).toBe('mine');
  expect(readFileSync(join(to, 'talk 2.txt'), 'utf8')).toBe('Said.\n');
  expect(readFileSync(join(done, 'talk.wav'), 'utf8')).toBe('mine');
  expect(readFileSync(join(done, 'talk 2.wav'), 'utf8')).toBe('sound');
  expect(readdirSync(folder)).toEqual([]);
});

test('a recording that changes while it is transcribed stays, and is transcribed as a new one', async () => {
  const done = join(root, 'done');
  await watch({ moveDone: done });
  add('talk.wav', 'first sound');
  const first = await served.nextRun();
  add('talk.wav', 'more sound than there was');
  first.finish('First.');
  expect(await hear('Second.')).toBe(join(folder, 'talk.wav'));
  await until(({ counts }) => counts.done === 2);
  expect(readdirSync(folder).sort()).toEqual(['talk 2.txt', 'talk.txt']);
  expect(readFileSync(join(done, 'talk.wav'), 'utf8')).toBe('more sound than there was');
});

test('a link is not followed: it may lead to what the one who put it there may not read', async () => {
  writeFileSync(join(root, 'private.wav'), 'private sound');
  await watch();
  symlinkSync(join(root, 'private.wav'), join(folder, 'link.wav'));
  add('talk.wav');
  expect(await hear('Said.')).toBe(join(folder, 'talk.wav'));
  await until(({ counts }) => counts.done === 1 && counts.waiting === 0);
  expect([await jobs(), readdirSync(folder).sort()]).toEqual([1, ['link.wav', 'talk.txt', 'talk.wav']]);
});

test('one that fails waits and is told, until it is tried again', async () => {
  const { id } = await watch();
  add('talk.wav');
  (await served.nextRun()).fail(
    new HearthError('AUDIO_CORRUPT', 'No sound in it can be read.', { hint: 'Export it.' }),
  );
  const { failures } = await until(({ counts }) => counts.failed === 1);
  expect(failures).toMatchObject([{ path: join(folder, 'talk.wav'), error: { code: 'AUDIO_CORRUPT' } }]);
  const health = (await served.ask({ path: '/v1/health' })).json<{ warnings: readonly string[] }>();
  expect(health.warnings).toEqual([expect.stringMatching(/1 recording failed: `hearth watch list` says why/)]);
  expect((await post(`/v1/watch/${id}/retry`)).status).toBe(200);
  await hear('Now it works.');
  await until(({ counts }) => counts.done === 1 && counts.failed === 0);
});

test('one that is renamed while it waits is transcribed under its new name, and one that is deleted is no failure', async () => {
  await watch();
  add('talk.wav');
  add('deleted.wav');
  await until(({ counts }) => counts.running === 2);
  renameSync(join(folder, 'talk.wav'), join(folder, 'interview.wav'));
  rmSync(join(folder, 'deleted.wav'));
  for (let count = 0; count < 2; count++) {
    (await served.nextRun()).fail(new HearthError('FILE_NOT_FOUND', 'Expected a recording, got none.'));
  }
  expect(await hear('Said.')).toBe(join(folder, 'interview.wav'));
  const { counts } = await until((each) => each.counts.done === 1);
  expect(counts).toMatchObject({ running: 0, failed: 0 });
  expect(readdirSync(folder)).toEqual(['interview.txt', 'interview.wav']);
});

test('one whose name another takes before its turn is transcribed under its own, and does not get the other’s text', async () => {
  await watch();
  add('new.wav');
  const run = await served.nextRun();
  renameSync(join(folder, 'new.wav'), join(folder, 'interview.wav'));
  add('new.wav', 'another recording');
  run.finish('The other.');
  const heard = new Map<string, string>();
  for (let count = 0; count < 2; count++) heard.set(await hear(`Text ${count}.`), `Text ${count}.\n`);
  await until(({ counts }) => counts.done === 2);
  for (const name of ['new', 'interview']) {
    expect(readFileSync(join(folder, `${name}.txt`), 'utf8')).toBe(heard.get(join(folder, `${name}.wav`)));
  }
  expect(readdirSync(folder)).toEqual(['interview.txt', 'interview.wav', 'new.txt', 'new.wav']);
});

test('one that is in its place and still cannot be found waits as one that failed', async () => {
  await watch();
  add('talk.wav');
  (await served.nextRun()).fail(new HearthError('FILE_NOT_FOUND', 'Expected a recording, got a way over a link.'));
  await until(({ counts }) => counts.failed === 1);
});

test('a transcript that cannot be written is kept until it can', async () => {
  writeFileSync(join(root, 'texts'), 'a file in place of the folder');
  await watch({ to: join(root, 'texts') });
  add('talk.wav');
  await hear('Kept.');
  const { problem } = await until((each) => each.problem !== null);
  expect(problem).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
  rmSync(join(root, 'texts'));
  await until(({ counts }) => counts.done === 1);
  expect(readFileSync(join(root, 'texts', 'talk.txt'), 'utf8')).toBe('Kept.\n');
  expect(await jobs()).toBe(1);
});

test('a transcript whose recording cannot be moved is written once, and is its owner’s from then on', async () => {
  const done = join(root, 'done');
  writeFileSync(done, 'a file in place of the folder');
  await watch({ formats: ['txt', 'srt'], moveDone: done });
  add('talk.wav');
  await hear('Said.');
  const { problem } = await until((each) => each.problem !== null);
  expect(problem).toMatchObject({ code: 'OUTPUT_NOT_WRITABLE' });
  writeFileSync(join(folder, 'talk.txt'), 'corrected');
  rmSync(join(folder, 'talk.srt'));
  rmSync(done);
  expect((await until(({ counts }) => counts.done === 1)).problem).toBeNull();
  expect([readdirSync(folder), readdirSync(done)]).toEqual([['talk.txt'], ['talk.wav']]);
  expect(readFileSync(join(folder, 'talk.txt'), 'utf8')).toBe('corrected');
});

test('a paused folder waits, and so does one that is gone', async () => {
  const { id } = await watch({ recursive: true });
  await post(`/v1/watch/${id}/pause`);
  mkdirSync(join(folder, 'below'));
  add('below/talk.wav');
  await until(({ counts, isPaused }) => isPaused && counts.waiting === 1);
  renameSync(folder, `${folder}-away`);
  expect((await until(({ problem }) => problem !== null)).problem).toMatchObject({ code: 'FILE_NOT_FOUND' });
  renameSync(`${folder}-away`, folder);
  await until(({ problem }) => problem === null);
  expect(await jobs()).toBe(0);
  await post(`/v1/watch/${id}/resume`);
  expect(await hear('Below.')).toBe(join(folder, 'below', 'talk.wav'));
  await until(({ counts }) => counts.done === 1);
  expect(existsSync(join(folder, 'below', 'talk.txt'))).toBe(true);
});

test('what cannot be watched is refused, and a folder is watched once', async () => {
  await watch({ recursive: true });
  mkdirSync(join(folder, 'below'));
  add('file.wav');
  const refused = [
    [{ path: folder }, 400, 'REQUEST_INVALID'],
    [{ path: join(folder, 'below') }, 400, 'REQUEST_INVALID'],
    [{ path: join(folder, 'file.wav') }, 400, 'REQUEST_INVALID'],
    [{ path: 'recordings' }, 400, 'REQUEST_INVALID'],
    [{ path: join(root, 'none') }, 404, 'FILE_NOT_FOUND'],
    [{ path: root, moveDone: root }, 400, 'REQUEST_INVALID'],
    [{ path: root, formats: ['ndjson'] }, 400, 'REQUEST_INVALID'],
    [{ path: root, options: { language: 'klingon' } }, 400, 'OPTION_INVALID'],
  ] as const;
  for (const [body, status, code] of refused) {
    const answer = await post('/v1/watch', body);
    expect([body, answer.status, answer.json<{ error: { code: string } }>().error.code]).toEqual([body, status, code]);
  }
  const { id } = await state();
  expect((await served.ask({ method: 'DELETE', path: `/v1/watch/${id}` })).status).toBe(204);
  expect((await post(`/v1/watch/${id}/pause`)).status).toBe(404);
});

(process.platform === 'linux' ? test : test.skip)('a name that is no UTF-8 is left out and told, escaped', async () => {
  await watch();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9.wav', 'latin1')]), 'not heard');
  add('caf\ufffd.wav', 'another one');
  expect(await hear('Another.')).toBe(join(folder, 'caf\ufffd.wav'));
  await until(({ counts }) => counts.done === 1 && counts.waiting === 0);
  const health = (await served.ask({ path: '/v1/health' })).json<{ warnings: readonly string[] }>();
  expect(health.warnings).toEqual([
    `In the watched folder ${folder}, 1 name is not UTF-8, and left out: ${folder}/caf\\xe9.wav. Rename it.`,
  ]);
  expect(await jobs()).toBe(1);
});

/** Waits until it is so, and for no job that comes first: each recording was heard. */
function untilWithoutJob(isSo: (folder: WatchedFolder) => boolean): Promise<WatchedFolder> {
  const heardAgain = served.nextRun().then(({ task }): never => {
    throw new Error(`Expected no job, got one for ${task.audioPath}.`);
  });
  return Promise.race([until(isSo), heardAgain]);
}

test.each([
  ['its job is forgotten', { maxFinishedJobs: 0 }, { history: false }],
  ['its text was deleted', {}, {}],
])(
  'a recording that waits to be moved is moved as soon as that works, and its transcripts are written once, though %s',
  async (why, settings, rules) => {
    await served.close();
    served = await serveStandIn({ settings });
    const [to, done] = [join(root, 'transcripts'), join(root, 'blocked', 'done')];
    writeFileSync(join(root, 'blocked'), '');
    await watch({ to, moveDone: done, formats: ['txt', 'srt'], ...rules });
    add('talk.wav');
    await hear('Good morning.');
    await until(({ problem }) => problem?.code === 'OUTPUT_NOT_WRITABLE');
    expect(readdirSync(to).sort()).toEqual(['talk.srt', 'talk.txt']);
    if (why === 'its text was deleted') {
      expect((await served.ask({ method: 'DELETE', path: '/v1/history' })).json()).toEqual({ deleted: 1 });
    }
    rmSync(join(root, 'blocked'));
    await untilWithoutJob(({ counts }) => counts.done === 1);
    expect(readdirSync(to).sort()).toEqual(['talk.srt', 'talk.txt']);
    expect([readdirSync(done), existsSync(join(folder, 'talk.wav'))]).toEqual([['talk.wav'], false]);
    expect((await served.ask({ path: '/v1/history' })).json<{ total: number }>().total).toBe(0);
  },
);

test('a text that could not be written is kept with its job, however many jobs end meanwhile', async () => {
  await served.close();
  served = await serveStandIn({ settings: { maxFinishedJobs: 0 } });
  const to = join(root, 'blocked', 'transcripts');
  writeFileSync(join(root, 'blocked'), '');
  await watch({ to, history: false });
  add('talk.wav');
  await hear('Good morning.');
  await until(({ problem }) => problem?.code === 'OUTPUT_NOT_WRITABLE');
  expect(await jobs()).toBe(1);
  rmSync(join(root, 'blocked'));
  await untilWithoutJob(({ counts }) => counts.done === 1);
  expect(readFileSync(join(to, 'talk.txt'), 'utf8')).toBe('Good morning.\n');
  const other = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  (await served.nextRun()).finish('Other.');
  await other;
  expect(await jobs()).toBe(0);
});

test('recordings wait in a folder while many of its texts cannot be written, and all are written once they can', async () => {
  writeFileSync(join(root, 'texts'), 'a file in place of the folder');
  await watch({ to: join(root, 'texts'), history: false });
  for (let index = 0; index < 26; index++) add(`talk ${index}.wav`);
  let heard = 0;
  const hearing = (async () => {
    for (; heard < 26; heard++) await hear(`Text ${heard}.`);
  })();
  await until(({ counts }) => heard === 24 && counts.running === 24 && counts.waiting === 2);
  rmSync(join(root, 'texts'));
  await until(({ counts }) => counts.done === 26);
  await hearing;
  expect(readdirSync(join(root, 'texts'))).toHaveLength(26);
});

test('a text that is deleted before it is written does not come back', async () => {
  const to = join(root, 'blocked', 'transcripts');
  writeFileSync(join(root, 'blocked'), '');
  await watch({ to });
  add('talk.wav');
  await hear('Good morning.');
  // A look that takes long is a problem, too.
  await until(({ problem }) => problem?.code === 'OUTPUT_NOT_WRITABLE');
  await served.ask({ method: 'DELETE', path: '/v1/history' });
  rmSync(join(root, 'blocked'));
  const { failures } = await untilWithoutJob(({ counts }) => counts.failed === 1);
  expect(failures).toMatchObject([{ error: { message: 'Its text was deleted before its transcripts were written.' } }]);
  expect(existsSync(to)).toBe(false);
});
