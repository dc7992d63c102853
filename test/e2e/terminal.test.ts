import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eachWindowOnce } from './support/each-window-once.ts';
import { keys, type OpenTerminal, openTerminal, type TerminalRequest } from './support/terminal.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const launcher = join(root, 'hearth');
const jfk = join(root, 'assets', 'samples', 'jfk.flac');
const long = join(root, 'test', 'fixtures', 'audio', 'LJ001-long.mp3');
const jfkText = /my fellow Americans,? ask not what your country can do for you,? ask what you can do for your country/;
const shell = ['bash', '--noprofile', '--norc', '-i'] as const;
const prompt = /^bash-\S+[#$] ?$/;

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-terminal-'));
});

afterAll(async () => {
  await hearth(['stop']).ended;
  await rm(home, { recursive: true });
});

type Window = Omit<TerminalRequest, 'command'>;

function hearth(values: readonly string[], window: Window = {}): OpenTerminal {
  return open([launcher, ...values], window);
}

function open(command: TerminalRequest['command'], window: Window = {}): OpenTerminal {
  const environment = { ...eachWindowOnce, HEARTH_HOME: home, NO_COLOR: undefined, ...window.environment };
  return openTerminal({ folder: home, ...window, command, environment });
}

/** What stands on the screen, as it would be read aloud. */
function read(terminal: OpenTerminal): string {
  return terminal.lines().join(' ').replace(/\s+/g, ' ');
}

function barOf(name: string) {
  return ({ screen }: OpenTerminal) => screen().some((line) => line.startsWith(name) && /░ +\d+% \S/.test(line));
}

function isLeftOf(name: string) {
  return ({ screen }: OpenTerminal) => screen().some((line) => line.startsWith(name) && / left$/.test(line));
}

test('the first recording of a fresh home is transcribed on a terminal, with a bar on the way', async () => {
  const terminal = hearth(['transcribe', jfk]);
  await terminal.until(barOf('jfk.flac'));
  expect(terminal.isCursorVisible()).toBe(false);
  expect(await terminal.ended).toBe(0);
  expect(terminal.isCursorVisible()).toBe(true);
  expect(read(terminal)).toMatch(jfkText);
  expect(read(terminal)).not.toContain('%');
});

test.each([
  [40, 10],
  [80, 24],
  [200, 50],
])('in a window of %i by %i the bar keeps to its line, whatever the name', async (columns, rows) => {
  const name = '会議の録音 🎙️ of a meeting that went on, and on, and on, and on, until nobody listened any more.flac';
  await copyFile(jfk, join(home, name));
  const terminal = hearth(['transcribe', name], { columns, rows });
  const drawn = await terminal.until(barOf('会議の録音'));
  expect(drawn).toHaveLength(1);
  expect(drawn[0]).toMatch(/…\s+░+\s+0% /);
  expect(await terminal.ended).toBe(0);
  expect(read(terminal)).toMatch(jfkText);
  expect(read(terminal)).not.toContain('%');
});

test('a dumb terminal, and one without a name, gets the text and nothing else', async () => {
  for (const TERM of ['dumb', undefined]) {
    const terminal = hearth(['transcribe', jfk], { environment: { TERM } });
    expect(await terminal.ended).toBe(0);
    expect(read(terminal)).toMatch(jfkText);
    expect(terminal.written()).not.toContain('\x1b');
  }
});

test('the text goes to a file while the bar is on the terminal', async () => {
  const terminal = open(['sh', '-c', `exec "${launcher}" transcribe "${jfk}" > text.txt`]);
  await terminal.until(barOf('jfk.flac'));
  expect(await terminal.ended).toBe(0);
  expect(terminal.lines()).toEqual([]);
  expect(await readFile(join(home, 'text.txt'), 'utf8')).toMatch(jfkText);
});

test('what is wrong goes to a file while the text is on the terminal, without a bar', async () => {
  const terminal = open(['sh', '-c', `"${launcher}" transcribe "${jfk}" 2> errors.txt`]);
  expect(await terminal.ended).toBe(0);
  expect(read(terminal)).toMatch(jfkText);
  expect(terminal.written()).not.toContain('\x1b');
  const missing = open(['sh', '-c', `"${launcher}" transcribe missing.mp3 2> errors.txt`]);
  expect(await missing.ended).not.toBe(0);
  expect(missing.written()).toBe('');
  expect(await readFile(join(home, 'errors.txt'), 'utf8')).toContain('missing.mp3');
});

test('with neither stream on the terminal, nothing reaches it', async () => {
  const terminal = open(['sh', '-c', `exec "${launcher}" transcribe "${jfk}" > text.txt 2> errors.txt`]);
  expect(await terminal.ended).toBe(0);
  expect(terminal.written()).toBe('');
  expect(await readFile(join(home, 'text.txt'), 'utf8')).toMatch(jfkText);
  expect(await readFile(join(home, 'errors.txt'), 'utf8')).toBe('');
});

test('a window that becomes narrow and wide again keeps one bar, and nothing of it is left', async () => {
  const terminal = hearth(['transcribe', long], { columns: 120 });
  await terminal.until(isLeftOf('LJ001-long.mp3'));
  for (const columns of [40, 150, 70]) {
    terminal.resize(columns, 20);
    // The bar of the window as it is now, not what the window has left of the one before.
    const bar = columns < 60 ? 10 : 24;
    const drawn = await terminal.until(({ screen }) =>
      screen().some(
        (line) => line.startsWith('LJ001') && (line.match(/[█░]/g) ?? []).length === bar && line.length < columns,
      ),
    );
    expect(drawn.filter((line) => /[█░]/.test(line))).toHaveLength(1);
  }
  terminal.type(keys.controlC);
  expect(await terminal.ended).toBe(130);
  expect(read(terminal)).not.toMatch(/[█░]/);
});

test('Ctrl-C in the middle of a recording takes the bar away and gives the cursor back', async () => {
  const terminal = hearth(['transcribe', long]);
  await terminal.until(isLeftOf('LJ001-long.mp3'));
  terminal.type(keys.controlC);
  expect(await terminal.ended).toBe(130);
  expect(terminal.isCursorVisible()).toBe(true);
  expect(terminal.lines().at(-1)).toBe('hearth: Cancelled.');
  expect(read(terminal)).not.toMatch(/[█░]/);
});

test('Ctrl-Z gives the cursor back to the shell, and fg goes on with the bar', async () => {
  const terminal = open(shell);
  terminal.type(`'${launcher}' transcribe '${long}'${keys.enter}`);
  await terminal.until(isLeftOf('LJ001-long.mp3'));
  terminal.type(keys.controlZ);
  await terminal.until(({ lines }) => lines().some((line) => line.includes('Stopped')));
  await terminal.until(({ lines }) => prompt.test(lines().at(-1) ?? ''));
  expect(terminal.isCursorVisible()).toBe(true);
  expect(terminal.screen().join('\n')).not.toMatch(/[█░]/);

  terminal.type(`fg${keys.enter}`);
  await terminal.until(barOf('LJ001-long.mp3'));
  expect(terminal.isCursorVisible()).toBe(false);
  terminal.type(keys.controlC);
  await terminal.until(({ lines }) => prompt.test(lines().at(-1) ?? ''));
  expect(terminal.isCursorVisible()).toBe(true);
  terminal.type(`exit${keys.enter}`);
  expect(await terminal.ended).toBe(130);
});

test('standard input that is a terminal is not read, and one that Ctrl-D ends at once is empty', async () => {
  const asked = hearth(['transcribe', '-']);
  expect(await asked.ended).toBe(2);
  expect(read(asked)).toContain('Standard input is a terminal. Pipe a recording in');

  const typed = open(['sh', '-c', `cat | "${launcher}" transcribe -`]);
  typed.type(keys.controlD);
  expect(await typed.ended).toBe(1);
  expect(read(typed)).toContain('Standard input is empty.');
  expect(typed.isCursorVisible()).toBe(true);
});

test('a name with line breaks and escape sequences is shown and not obeyed', async () => {
  const name = 'two\nlines \x1b[31mred\x9b5n \u202egpj.flac';
  await copyFile(jfk, join(home, name));
  const shown = String.raw`two\nlines \x1b[31mred\x9b5n \u202egpj.flac`;
  const transcribed = hearth(['transcribe', name], { columns: 200 });
  await transcribed.until(barOf(shown));
  await transcribed.ended;
  const listed = hearth(['jobs', '--all'], { columns: 200 });
  expect(await listed.ended).toBe(0);
  const past = hearth(['history'], { columns: 200 });
  expect(await past.ended).toBe(0);
  for (const terminal of [listed, past]) expect(read(terminal)).toContain(shown);
  for (const terminal of [transcribed, listed, past]) {
    for (const obeyed of ['\x1b[31m', '\x9b', '\u202e']) expect(terminal.written()).not.toContain(obeyed);
  }
});

test('serve says where it listens and how to stop it, and Ctrl-C does', async () => {
  const ownHome = await mkdtemp(join(tmpdir(), 'hearth-serve-'));
  await writeFile(
    join(ownHome, 'settings.json'),
    JSON.stringify({ listen: '127.0.0.1:0', token: 'a token of thirty-two letters and more' }),
  );
  const environment = { HEARTH_HOME: ownHome };
  const serving = hearth(['serve'], { columns: 200, environment });
  const saying = /^Listening on \/\S+\/hearth\.sock and (127\.0\.0\.1:\d+)\. Ctrl-C stops it\.$/;
  await serving.until(({ lines }) => saying.test(lines()[0] ?? ''));
  const [, address = ''] = saying.exec(serving.lines()[0] ?? '') ?? [];
  for (const command of ['status', 'doctor']) {
    const asked = hearth([command], { columns: 200, environment });
    await asked.ended;
    expect(asked.lines()).toContainEqual(expect.stringMatching(new RegExp(`TCP +${address}$`)));
  }
  serving.type(keys.controlC);
  expect(await serving.ended).toBe(0);
  expect(serving.lines().filter((line) => !line.startsWith('^C'))).toEqual([expect.stringMatching(saying)]);
  await rm(ownHome, { recursive: true });
});

test('no command colours its words or says one of Node, with NO_COLOR or without', async () => {
  const commands = [
    ...[['status'], ['jobs'], ['history'], ['models'], ['logs'], ['doctor'], ['--version'], ['transcribe', '--help']],
    ...[['history', 'export', 'texts'], ['jobs', 'follow', 'none'], ['nonsense'], ['transcribe', jfk, '--timings']],
  ];
  for (const [index, values] of commands.entries()) {
    const NO_COLOR = index % 2 === 0 ? '1' : undefined;
    const terminal = hearth(values, { columns: 200, environment: { NO_COLOR } });
    await terminal.ended;
    expect(
      terminal
        .written()
        .split('\x1b[')
        .filter((sequence) => /^[\d;]*m/.test(sequence)),
    ).toEqual([]);
    expect(terminal.lines()).not.toContainEqual(expect.stringMatching(/\(node:|Warning/));
  }
});

test('what is listed fits the window', async () => {
  const name = '名前の長い会議の録音、東京、二〇二六年一月三十一日、第一部と第二部.flac';
  await copyFile(jfk, join(home, name));
  expect(await hearth([name]).ended).toBe(0);
  for (const columns of [40, 80, 200]) {
    for (const values of [['jobs', '--all'], ['history'], ['models']]) {
      const terminal = hearth(values, { columns });
      expect(await terminal.ended).toBe(0);
      // Each line is one row: nothing was wrapped.
      expect(terminal.lines()).toEqual(terminal.screen());
      // Models have a line for each of their figures where a table does not fit.
      expect(terminal.lines()[0]).toMatch(columns === 40 ? /^(ID |whisper-base-4bit$)/ : /^(ID|NAME) /);
    }
  }
});

test('a daemon that is stopped says whose work it leaves, and they learn that it was not their doing', async () => {
  const ownHome = await mkdtemp(join(tmpdir(), 'hearth-stop-'));
  await writeFile(join(ownHome, 'settings.json'), JSON.stringify({ drainSeconds: 0 }));
  const environment = { HEARTH_HOME: ownHome };
  const waiting = hearth(['transcribe', long], { environment, columns: 200 });
  await waiting.until(isLeftOf('LJ001-long.mp3'));
  // One bulk job runs beside it, in the turns that bulk work gets.
  for (let i = 0; i < 2; i++) await hearth(['transcribe', '--detach', long], { environment }).ended;
  const stopping = hearth(['stop'], { environment, columns: 250 });
  expect(await stopping.ended).toBe(0);
  expect(stopping.lines()[0]).toMatch(
    /^2 jobs are running and 1 job is waiting\. A running job has a moment to finish\./,
  );
  expect(await waiting.ended).toBe(1);
  expect(waiting.lines().at(-1)).toContain(
    'The job was cancelled by `hearth jobs cancel`, or because the daemon stopped.',
  );
  await rm(ownHome, { recursive: true });
});
