import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import { openTerminal } from './support/terminal.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
const hasShell = (name: string) => spawnSync(name, ['-c', 'true']).status === 0;
const testIn = (name: string) => (hasShell(name) ? test : test.skip);
const titleIn = (name: string) => (hasShell(name) ? name : `${name} (not installed here)`);
const deleteLine = '\x15';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearth-completion-'));
  writeFileSync(join(folder, 'interview.mp3'), '');
  for (const shell of ['bash', 'zsh', 'fish']) {
    const script = execFileSync(process.execPath, [cliModule, 'completion', shell], { encoding: 'utf8' });
    writeFileSync(join(folder, `hearth.${shell}`), script);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** What is typed before Tab is pressed, and what then stands there. */
const completed = [
  ['hearth transc', 'hearth transcribe'],
  ['hearth jobs fo', 'hearth jobs follow'],
  ['hearth models pull --rev', 'hearth models pull --revision'],
  ['hearth transcribe --no-vad --beam', 'hearth transcribe --no-vad --beam-size'],
  ['hearth transcribe --format nd', 'hearth transcribe --format ndjson'],
  ['hearth transcribe --format=nd', 'hearth transcribe --format=ndjson'],
  ['hearth transcribe --quiet inter', 'hearth transcribe --quiet interview.mp3'],
  ['hearth inter', 'hearth interview.mp3'],
  ['hearth transcribe -o inter', 'hearth transcribe -o interview.mp3'],
  ['hearth help fin', 'hearth help finder'],
  ['hearth completion fi', 'hearth completion fish'],
] as const;

testIn('bash')(`${titleIn('bash')} completes commands, options, values and files`, async () => {
  await pressTabs(['bash', '--norc', '--noprofile', '-i'], ['source hearth.bash']);
});

testIn('zsh')(`${titleIn('zsh')} completes commands, options, values and files`, async () => {
  const setUp = ['PROMPT="$ "', 'autoload -Uz compinit; compinit -u -D', 'source hearth.zsh'];
  await pressTabs(['zsh', '--no-rcs', '-i'], setUp);
});

testIn('zsh')(`${titleIn('zsh')} finds the script as a function of its own, as Homebrew installs it`, async () => {
  execFileSync('cp', [join(folder, 'hearth.zsh'), join(folder, '_hearth')]);
  const setUp = ['PROMPT="$ "', 'fpath=($PWD $fpath)', 'autoload -Uz compinit; compinit -u -D'];
  await pressTabs(['zsh', '--no-rcs', '-i'], setUp);
});

testIn('fish')(`${titleIn('fish')} completes commands, options, values and files`, () => {
  for (const [typed, whole] of completed) {
    const line = `source hearth.fish; complete -C '${typed}'`;
    const offered = execFileSync('fish', ['--no-config', '-c', line], { cwd: folder, encoding: 'utf8' });
    const words = offered
      .trim()
      .split('\n')
      .map((each) => each.split('\t')[0]);
    // Of `--format=nd` fish offers the whole word.
    expect([typed, words]).toEqual([typed, [whole.split(' ').at(-1)]]);
  }
});

async function pressTabs(command: readonly [string, ...string[]], setUp: readonly string[]): Promise<void> {
  const terminal = openTerminal({ command, folder, environment: { PS1: '$ ', HISTFILE: '' }, columns: 120 });
  const lastLine = () => (terminal.screen().findLast((line) => line !== '') ?? '').trimEnd();
  for (const [index, line] of [...setUp, 'echo ready'].entries()) {
    terminal.type(`${line}; echo done-$((${index} + 1))\r`);
    await terminal.until(() => terminal.screen().includes(`done-${index + 1}`));
  }
  for (const [typed, whole] of completed) {
    terminal.type(`${typed}\t`);
    // zsh adds the sign before a value, and takes it back when a space is typed.
    await terminal.until(() => [whole, `${whole}=`].some((line) => lastLine().endsWith(line)));
    terminal.type(deleteLine);
    await terminal.until(() => !lastLine().includes('hearth'));
  }
  terminal.type('exit\r');
  await terminal.ended;
}
