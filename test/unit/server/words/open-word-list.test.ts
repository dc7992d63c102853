import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openWordList } from '../../../../daemon/src/server/words/open-word-list.ts';
import { readEntries } from '../../../../daemon/src/server/words/read-entries.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-words-'));
  path = join(folder, 'words.json');
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

test('a missing file is an empty list', async () => {
  expect(await openWordList(path).read()).toEqual({ words: [], dictionary: [], problems: [] });
});

test('what is added is in the file, for its owner alone, and nothing else is left', async () => {
  await openWordList(path).add({ words: [{ say: 'at sign', write: '@' }] });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ words: [{ say: 'at sign', write: '@' }] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['words.json']);
  expect((await openWordList(path).read()).words).toEqual([{ say: 'at sign', write: '@' }]);
});

test('an entry for the same words takes the place of the older one', async () => {
  const list = openWordList(path);
  await list.add({
    words: [
      { say: 'my address', write: 'old' },
      { say: 'b', write: 'b' },
    ],
  });
  await list.add({
    words: [
      { say: 'My  Address', write: 'first' },
      { say: 'MY-ADDRESS', write: 'new' },
    ],
  });
  expect((await list.read()).words).toEqual([
    { say: 'MY-ADDRESS', write: 'new' },
    { say: 'b', write: 'b' },
  ]);
  await list.remove({ say: 'my address' });
  expect((await list.read()).words).toEqual([{ say: 'b', write: 'b' }]);
  await expect(list.remove({ say: 'my address' })).rejects.toMatchObject({ code: 'WORD_NOT_FOUND' });
  expect([await list.clear(), (await list.read()).words]).toEqual([1, []]);
});

test('an entry that is wrong is one wrong entry: others are used, and it stays in the file', async () => {
  const wrong = [{ say: 7 }, 'x', { say: '', write: '' }, { say: 'a', write: 'b', colour: 'red' }];
  const right = [
    { say: 'a', write: 'A' },
    { say: 'b', write: 'B' },
  ];
  writeFileSync(path, JSON.stringify({ words: [...wrong, ...right, { say: 'A', write: 'twice' }] }));
  const list = openWordList(path);
  const { words, problems } = await list.read();
  expect(words).toEqual(right);
  expect(problems.map((problem) => problem.slice(0, problem.indexOf(' of ')))).toEqual([
    'Entry 1',
    'Entry 2',
    'Entry 3',
    'Entry 4',
    'Entry 7',
  ]);
  await list.add({ words: [{ say: 'c', write: 'C' }] });
  expect(JSON.parse(readFileSync(path, 'utf8')).words).toHaveLength(8);
  expect((await list.read()).words).toEqual([...right, { say: 'c', write: 'C' }]);
});

test.each(['', '{', '[]', 'null', '{"words":{}}', 'at sign = @'])(
  'a file that holds %j is left alone',
  async (content) => {
    writeFileSync(path, content);
    const list = openWordList(path);
    expect(await list.read()).toEqual({ words: [], dictionary: [], problems: [expect.stringContaining(path)] });
    await expect(list.add({ words: [{ say: 'a', write: 'b' }] })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
    await expect(list.clear()).rejects.toMatchObject({ code: 'WORDS_INVALID' });
    expect(readFileSync(path, 'utf8')).toBe(content);
  },
);

test('a folder in place of the file is a problem and no crash', async () => {
  expect((await openWordList(folder).read()).problems).toEqual([`${folder} cannot be read: it is no file.`]);
});

test('a file that cannot be replaced stays as it was', async () => {
  const list = openWordList(join(folder, 'nowhere', 'words.json'));
  await expect(list.add({ words: [{ say: 'a', write: 'b' }] })).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
});

test('there is a limit to the list', async () => {
  const list = openWordList(path);
  const many = Array.from({ length: 5000 }, (_, index) => ({ say: `word ${index}`, write: '' }));
  await list.add({ words: many });
  await expect(list.add({ words: [{ say: 'one more', write: '' }] })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
  await list.add({ words: [{ say: 'word 0', write: 'changed' }] });
  expect((await list.read()).words).toHaveLength(5000);
});

test('whatever is added is read back', async () => {
  const entry = fc.record({
    say: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((say) => /[^\s-]/.test(say)),
    write: fc.string({ unit: 'grapheme', maxLength: 50 }),
  });
  await fc.assert(
    fc.asyncProperty(entry, async (added) => {
      const list = openWordList(path);
      await list.add({ words: [added] });
      expect((await list.read()).words).toContainEqual(added);
      await list.remove({ say: added.say });
      expect((await list.read()).words).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('of a file with more entries than the list holds, the first are used, and the others are told once', async () => {
  const words = Array.from({ length: 20_000 }, (_, i) => (i === 7000 ? 'wrong' : { say: `word ${i}`, write: '' }));
  writeFileSync(path, JSON.stringify({ words }));
  const list = await openWordList(path).read();
  expect(list.words).toEqual(words.slice(0, 5000));
  expect(list.problems).toEqual([`Expected at most 5000 entries in ${path}, got 20000. The first 5000 are used.`]);
});

const tilney = { word: 'Tilney', soundsLike: ['till knee'], language: 'en' };

test('the dictionary is a list of its own in the same file', async () => {
  const list = openWordList(path);
  await list.add({ dictionary: [tilney, { word: 'Kubernetes' }] });
  await list.add({ words: [{ say: 'tilney', write: 'T.' }], dictionary: [{ word: 'KUBERNETES' }] });
  const both = { words: [{ say: 'tilney', write: 'T.' }], dictionary: [tilney, { word: 'KUBERNETES' }] };
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(both);
  expect(await openWordList(path).read()).toEqual({ ...both, problems: [] });
  await list.remove({ word: 'TILNEY' });
  expect(await list.read()).toEqual({ words: both.words, dictionary: [{ word: 'KUBERNETES' }], problems: [] });
  await expect(list.remove({ word: 'Tilney' })).rejects.toMatchObject({ code: 'WORD_NOT_FOUND' });
  expect([await list.clear(), await list.read()]).toEqual([2, { words: [], dictionary: [], problems: [] }]);
});

test('a file with a dictionary alone is right, and one whose dictionary is no list is left alone', async () => {
  writeFileSync(path, JSON.stringify({ dictionary: [tilney] }));
  expect(await openWordList(path).read()).toEqual({ words: [], dictionary: [tilney], problems: [] });
  writeFileSync(path, JSON.stringify({ words: [], dictionary: {} }));
  expect((await openWordList(path).read()).problems).toEqual([expect.stringContaining('"dictionary"')]);
  await expect(openWordList(path).clear()).rejects.toMatchObject({ code: 'WORDS_INVALID' });
});

test('wrong words of a dictionary are told, and the others are used', async () => {
  const wrong = [{ word: '' }, { word: 'x', soundsLike: 'y' }, { word: 'x', language: 'German' }, { say: 'x' }, 'x'];
  writeFileSync(path, JSON.stringify({ dictionary: [...wrong, tilney, { word: 'tilney' }] }));
  const { dictionary, problems } = await openWordList(path).read();
  expect(dictionary).toEqual([tilney]);
  expect(problems.map((problem) => problem.slice(0, problem.indexOf(' of ')))).toEqual(
    [1, 2, 3, 4, 5, 7].map((place) => `Dictionary entry ${place}`),
  );
});

test('a list is read again only when the file is another one', async () => {
  const list = openWordList(path);
  await list.add({ dictionary: [tilney] });
  const first = await list.read();
  expect(await list.read()).toBe(first);
  writeFileSync(path, JSON.stringify({ dictionary: [{ word: 'Tilnex' }] }));
  expect((await list.read()).dictionary).toEqual([{ word: 'Tilnex' }]);
});

test('there is a limit to the dictionary too', async () => {
  const list = openWordList(path);
  await list.add({ dictionary: Array.from({ length: 5000 }, (_, index) => ({ word: `word ${index}` })) });
  await expect(list.add({ dictionary: [tilney] })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
  await list.add({ words: [{ say: 'a', write: 'b' }] });
  expect((await list.read()).dictionary).toHaveLength(5000);
});

test('a file that is too deep, too long or made up by the system is told, and nothing waits for it', async () => {
  const list = openWordList(path);
  writeFileSync(path, `{"words":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
  expect((await list.read()).problems).toEqual([`Expected JSON of at most 32 levels in ${path}, got more.`]);
  await expect(list.add({ dictionary: [tilney] })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
  truncateSync(path, 2 ** 40);
  expect((await list.read()).problems).toEqual([`${path} cannot be read: it is too large.`]);
  rmSync(path);
  symlinkSync('/dev/zero', path);
  expect((await list.read()).problems).toEqual([`${path} cannot be read: it is no file.`]);
  rmSync(path);
  symlinkSync('/proc/kmsg', path);
  expect((await list.read()).problems).toEqual([expect.stringContaining(path)]);
});

test('a dictionary whose preparation would take long is used as far as it does not', async () => {
  const list = openWordList(path);
  const phrase = (entry: number, form: number) => `${entry} ${form} ${'abcdefghi '.repeat(9)}`.trim();
  const entryOf = (entry: number) => ({
    word: `word ${entry}`,
    soundsLike: Array.from({ length: 20 }, (_, form) => phrase(entry, form)),
  });
  writeFileSync(path, JSON.stringify({ dictionary: Array.from({ length: 500 }, (_, entry) => entryOf(entry)) }));
  const { dictionary, problems } = await list.read();
  expect(dictionary.length).toBeGreaterThan(30);
  expect(dictionary.length).toBeLessThan(60);
  expect(problems).toEqual([
    `${path} has more dictionary entries than can be looked for: those before entry ${dictionary.length + 1} are used.`,
  ]);
  const names = Array.from({ length: 5000 }, (_, entry) => ({
    word: `Name ${entry}`,
    soundsLike: [`name of ${entry}`],
  }));
  writeFileSync(path, JSON.stringify({ dictionary: names }));
  expect(await list.read()).toMatchObject({ problems: [], dictionary: { length: 5000 } });
});

test('a link stays one, the file it leads to keeps its mode, and what else its owner wrote stays', async () => {
  const own = join(folder, 'dotfiles.json');
  writeFileSync(own, '{ "//": "my notes", "dictionary": [{ "word": "Tilney" }], "more": [1] }', { mode: 0o644 });
  symlinkSync('dotfiles.json', path);
  const list = openWordList(path);
  await list.add({ words: [{ say: 'at sign', write: '@' }] });
  await list.remove({ word: 'Tilney' });
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  const words = [{ say: 'at sign', write: '@' }];
  expect(JSON.parse(readFileSync(own, 'utf8'))).toEqual({ '//': 'my notes', more: [1], words });
  expect(statSync(own).mode & 0o777).toBe(0o644);
  rmSync(own);
  await list.add({ words });
  expect(JSON.parse(readFileSync(own, 'utf8'))).toEqual({ words });
  expect(readdirSync(folder).sort()).toEqual(['dotfiles.json', 'words.json']);
});

test('of two that are to be removed nothing is, if one is not there', async () => {
  const list = openWordList(path);
  await list.add({ words: [{ say: 'at sign', write: '@' }], dictionary: [{ word: 'Tilney' }] });
  const before = readFileSync(path, 'utf8');
  for (const entries of [
    { say: 'at sign', word: 'nobody' },
    { say: 'nobody', word: 'Tilney' },
  ]) {
    await expect(list.remove(entries)).rejects.toMatchObject({ code: 'WORD_NOT_FOUND' });
    expect(readFileSync(path, 'utf8')).toBe(before);
  }
  await list.remove({ say: 'at sign', word: 'Tilney' });
  expect(await list.read()).toMatchObject({ words: [], dictionary: [] });
});

test('a pipe in the place of the file that is being written is not waited for', async () => {
  const next = join(folder, '.words.json.next-by-hearth');
  execFileSync('mkfifo', [next]);
  const list = openWordList(path);
  await list.add({ words: [{ say: 'at sign', write: '@' }] });
  expect(readdirSync(folder)).toEqual(['words.json']);
  mkdirSync(next);
  await expect(list.add({ words: [{ say: 'a', write: 'b' }] })).rejects.toMatchObject({ code: 'HOME_NOT_WRITABLE' });
});

test('of a file whose disk does not answer, what was read last is used and told, and nobody waits for it again', async () => {
  let answer: (() => void) | null = null;
  let looks = 0;
  const list = openWordList(path, {
    patienceMs: 1,
    async readEntries(file) {
      looks++;
      if (looks > 1) {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
      return readEntries(file);
    },
  });
  writeFileSync(path, JSON.stringify({ words: [{ say: 'a', write: 'A' }] }));
  const words = [{ say: 'a', write: 'A' }];
  while ((await list.read()).words.length === 0) await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(path, JSON.stringify({ words: [] }));
  const problem = `${path} cannot be read: it did not answer in time. What was read last is used.`;
  expect(await list.read()).toEqual({ words, dictionary: [], problems: [problem] });
  expect(await list.read()).toEqual({ words, dictionary: [], problems: [problem] });
  await expect(list.add({ words })).rejects.toMatchObject({ code: 'WORDS_INVALID' });
  expect(looks).toBe(2);
  (answer as unknown as () => void)();
  while ((await list.read()).problems.length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect((await list.read()).words).toEqual([]);
});
