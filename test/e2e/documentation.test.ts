import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, extname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { commandNames, createProgram } from '../../daemon/src/cli/program.ts';
import { openWordList } from '../../daemon/src/server/words/open-word-list.ts';
import { readSettings } from '../../daemon/src/settings/read-settings.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { type Page, readPage, readPages } from './support/documentation.ts';
import { eachWindowOnce } from './support/each-window-once.ts';

const root = pathOf('.');
const pages = readPages(root);
const npmScripts = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).scripts);
const programsOfPages =
  /^(\.\/hearth|hearth|curl|ffmpeg|npm|npx|node|brew|pip|python3|launchctl|systemctl|shortcuts|sudo|ln|rm|cd) /;
/** Programs that a machine may lack; an example that needs one is told and left out. */
const optionalPrograms = ['curl', 'ffmpeg', 'python3'].filter((name) => !isOnPath(name));

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
}

let home: string;
let folder: string;
const leftOut: string[] = [];

/** The home of somebody who has just linked `hearth` into their PATH; the first example starts the daemon. */
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-docs-'));
  mkdirSync(join(home, 'bin'));
  symlinkSync(join(root, 'hearth'), join(home, 'bin', 'hearth'));
  writeRecorders();
  // curl ends with 0 whatever a server answers.
  writeFileSync(join(home, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n');
  if (process.platform === 'darwin') {
    mkdirSync(join(home, '.local', 'state'), { recursive: true });
    symlinkSync(join(home, 'Library', 'Application Support', 'Hearth'), join(home, '.local', 'state', 'hearth'));
  }
});

afterAll(async () => {
  await runShell('hearth stop');
  rmSync(home, { recursive: true });
  process.stderr.write(`Examples that are not run:\n${leftOut.map((line) => `  ${line}\n`).join('')}`);
});

beforeEach(() => {
  folder = mkdtempSync(join(home, 'work-'));
  for (const name of ['hearth', 'assets']) symlinkSync(join(root, name), join(folder, name));
});

/**
 * A machine that tests has no microphone, and one that has should not be listened to. `arecord` and sox's `rec` write a WAV
 * of unknown length to standard output, or with `-t raw` only its samples.
 */
function writeRecorders(): void {
  const wav = readFileSync(pathOf('test/fixtures/audio/librispeech_1995-1837-0001.wav'));
  for (const lengthAt of [4, 40]) wav.writeUInt32LE(0x7fffffff, lengthAt);
  writeFileSync(join(home, 'said.wav'), wav);
  writeFileSync(join(home, 'said.raw'), wav.subarray(44));
  const recorder =
    '#!/bin/sh\ncase "$*" in *"-t raw"*) exec cat "$HOME/said.raw" ;; *) exec cat "$HOME/said.wav" ;; esac\n';
  for (const name of ['arecord', 'rec']) writeFileSync(join(home, 'bin', name), recorder, { mode: 0o755 });
}

function environment(): NodeJS.ProcessEnv {
  const { HEARTH_HOME: _, XDG_STATE_HOME: __, ...kept } = process.env;
  const socket = process.platform === 'darwin' ? 'Library/Application Support/Hearth' : '.local/state/hearth';
  return {
    ...kept,
    ...eachWindowOnce,
    HOME: home,
    PATH: `${join(home, 'bin')}${delimiter}${process.env['PATH']}`,
    HEARTH_SOCKET: join(home, socket, 'hearth.sock'),
  };
}

async function run(program: string, values: readonly string[]) {
  const child = spawn(program, values, { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { stdout, stderr, code };
}

function runShell(script: string) {
  return run('bash', ['-euo', 'pipefail', '-c', script]);
}

/** Puts short speech under every name that a script reads. */
function makeRecordings(script: string): void {
  for (const [name] of script.matchAll(/[\w.*/-]+\.(?:mp3|m4a|wav|flac|ogg|opus|mkv|mp4|mov|webm)\b/g)) {
    for (const path of name.includes('*') ? [name.replace('*', 'one'), name.replace('*', 'two')] : [name]) {
      if (existsSync(join(folder, path))) continue;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const isMp3 = extname(path) === '.mp3';
      copyFileSync(
        pathOf(isMp3 ? 'test/fixtures/audio/msft_weather.mp3' : 'test/fixtures/audio/google_brooklyn.flac'),
        join(folder, path),
      );
    }
  }
}

/** The lines that can run here; what cannot is noted with the reason. */
function runnableLines(page: Page, place: string, script: string): readonly string[] {
  return script
    .trimEnd()
    .split('\n')
    .filter((line) => {
      const command = line.replace(/\s+#.*$/, '').trim();
      const mark = page.marks.find((each) => command.startsWith(each.command));
      const missing = optionalPrograms.find((name) => new RegExp(`\\b${name}\\b`).test(command));
      const reason = mark?.reason ?? (missing && `needs ${missing}, which this machine lacks`);
      if (reason !== undefined) leftOut.push(`${place} ${command} (${reason})`);
      return reason === undefined;
    });
}

/** Runs shell lines as they stand; what they say they write is there afterwards. */
async function expectToWork(page: Page, place: string, script: string): Promise<string> {
  const lines = runnableLines(page, place, script);
  if (lines.length === 0) return '';
  const runnable = lines.join('\n');
  makeRecordings(runnable);
  const result = await runShell(runnable);
  expect({ place, ...result }).toEqual({ place, stdout: expect.anything(), stderr: expect.anything(), code: 0 });
  for (const [, written = ''] of runnable.matchAll(/(?:>|--output|-o) ([\w./-]+)/g)) {
    expect([place, written, statSync(join(folder, written)).size]).toEqual([place, written, expect.any(Number)]);
    expect(statSync(join(folder, written)).size).toBeGreaterThan(0);
  }
  return result.stdout;
}

const blocks = pages.flatMap((page) => page.blocks.map((block) => ({ page, block, place: block.place })));
// A diagram is nothing to type.
const examples = blocks.filter(({ block }) => block.language !== 'mermaid');

test.each(examples)('$place works as it stands', async ({ page, block }) => {
  const { place, language } = block;
  if (block.notRun !== null) {
    leftOut.push(`${place} (${block.notRun})`);
    return;
  }
  switch (language) {
    case 'sh': {
      await expectToWork(page, place, block.text);
      return;
    }
    case 'json': {
      const file = join(folder, 'settings.json');
      writeFileSync(file, block.text);
      if (['docs/words.md', 'docs/dictionary.md'].includes(page.path)) {
        expect(await openWordList(file).read()).toMatchObject({ ...(JSON.parse(block.text) as object), problems: [] });
        return;
      }
      expect(readSettings(file, {})).toMatchObject(JSON.parse(block.text) as object);
      return;
    }
    case 'js':
    case 'python': {
      const file = join(folder, language === 'js' ? 'example.mjs' : 'example.py');
      writeFileSync(file, block.text);
      linkPackages(block.text);
      await runShell('hearth start');
      makeRecordings(block.text);
      const result = await run(language === 'js' ? process.execPath : 'python3', [file]);
      expect({ place, ...result }).toEqual({ place, stdout: expect.anything(), stderr: expect.anything(), code: 0 });
      return;
    }
    default:
      throw new Error(`${place}: a block of ${language || 'no language'} is neither run nor marked as not run.`);
  }
});

/** What `npm install` would bring. */
function linkPackages(source: string): void {
  for (const [, name = ''] of source.matchAll(/from '([a-z@][^':]*)'/g)) {
    const found = ['.', 'daemon'].map((place) => join(root, place, 'node_modules', name)).find(existsSync);
    if (found === undefined) continue;
    mkdirSync(dirname(join(folder, 'node_modules', name)), { recursive: true });
    symlinkSync(found, join(folder, 'node_modules', name));
  }
}

const commands = pages.flatMap((page) =>
  page.spans
    .filter(({ text }) => programsOfPages.test(text))
    .map(({ place, text }) => ({ page, place, command: text })),
);

/** With a file, a pipe or a redirection it is an example; without it names a command. */
const isExample = (command: string) =>
  /[|>](?! )?|\.(mp3|m4a|wav|mkv)\b/.test(command.replace(/<[^>]*>|\[[^\]]*\]/g, ''));

test.each(commands.filter(({ command }) => isExample(command)))(
  '$place `$command` works',
  async ({ page, place, command }) => {
    await expectToWork(page, place, command);
  },
);

test.each(commands.filter(({ command }) => !isExample(command)))(
  '$place `$command` exists',
  ({ page, place, command }) => {
    const mark = page.marks.find((each) => command.startsWith(each.command));
    if (mark !== undefined) {
      leftOut.push(`${place} ${command} (${mark.reason})`);
      return;
    }
    const [program = '', ...words] = command.match(/"[^"]*"|\S+/g) ?? [];
    if (program.endsWith('hearth')) return requireCommand(words);
    if (program === 'npm') {
      expect(['test', 'ci', ...npmScripts]).toContain(words[0] === 'run' ? words[1] : words[0]);
      return;
    }
    if (program === 'node') {
      expect(existsSync(join(root, words[0] ?? ''))).toBe(true);
      return;
    }
    throw new Error(`${place}: \`${command}\` is neither run nor marked as not run.`);
  },
);

async function requireCommand(words: readonly string[]): Promise<void> {
  let command: Command = await createProgram(commandNames);
  for (const word of words) {
    const inner = command.commands.find((each) => each.name() === word);
    if (inner !== undefined) command = inner;
    else if (word.replace(/^\[/, '').startsWith('--')) {
      const names = ['--help', ...command.options.flatMap(({ long }) => long ?? [])];
      expect(names).toContain(word.replace(/[[\]]/g, '').split('=')[0]);
    } else expect([word, /^([<["]|-$)/.test(word)]).toEqual([word, true]);
  }
}

test('the examples of `hearth transcribe --help` work', async () => {
  const { stdout } = await runShell('hearth transcribe --help');
  const lines = stdout.split('\n').filter((line) => /^ {2}(\S.* )?hearth transcribe \S/.test(line));
  expect(lines.length).toBeGreaterThan(1);
  const page: Page = { path: '--help', blocks: [], spans: [], marks: [] };
  for (const line of lines) await expectToWork(page, '--help', line);
});

test('the first command of the README prints what is said', async () => {
  const { page, block } = examples.find(({ page }) => page.path === 'README.md') as (typeof examples)[number];
  expect(await expectToWork(page, block.place, block.text)).toContain('ask not what your country can do for you');
});

test('every mark is of use', () => {
  for (const { path, blocks, spans, marks } of pages) {
    const lines = [...blocks.flatMap(({ text }) => text.split('\n')), ...spans.map(({ text }) => text)];
    for (const { place, command } of marks) {
      expect([place, lines.some((line) => line.startsWith(command))]).toEqual([place, true]);
    }
    expect(path).toMatch(/\.md$/);
  }
});

test('a block that is neither run nor marked would be found', () => {
  const fence = '```';
  const source = `<!-- not run: needs a Mac -->\n\n${fence}sh\nbrew install x\n${fence}\n\n${fence}toml\na = 1\n${fence}\n\`ln -s\na b\`\n<!-- not run: \`ln\`: writes elsewhere -->`;
  const page = readPage('docs/x.md', source);
  expect(page.blocks.map(({ place, language, notRun }) => [place, language, notRun])).toEqual([
    ['docs/x.md:3', 'sh', 'needs a Mac'],
    ['docs/x.md:7', 'toml', null],
  ]);
  expect(page.spans).toEqual([{ place: 'docs/x.md:10', text: 'ln -s a b' }]);
  expect(page.marks).toEqual([{ place: 'docs/x.md:12', command: 'ln', reason: 'writes elsewhere' }]);
});

function isOnPath(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
