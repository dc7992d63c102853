import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const moduleUrl = new URL('../../../setup/find-tools.mjs', import.meta.url).href;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-tools-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** A tool on the path that does what a shell line says. */
function standIn(name: string, line: string): Promise<void> {
  return writeFile(join(folder, name), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}

function evaluate(expression: string, environment: Record<string, string> = {}): string {
  const script = `import * as tools from '${moduleUrl}';
    try { console.log(JSON.stringify(${expression})); } catch (error) { console.log(error.message); }`;
  const env = { PATH: folder, ...environment };
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }).stdout.trim();
}

const installSentence = /Install it with .*`/;

test('everything that is missing is named at once, with the command that installs it', () => {
  const lines = evaluate("tools.requireTools(['compiler', 'python', 'npm'])").split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(installSentence);
  expect(lines.join()).toMatch(/No C\+\+ compiler.*Expected Python 3.*npm was not found/);
});

test('what is there is found', async () => {
  for (const name of ['c++', 'python3', 'npm', 'xcode-select']) await standIn(name, 'exit 0');
  expect(JSON.parse(evaluate("tools.requireTools(['compiler', 'python', 'npm'])"))).toEqual({
    compiler: join(folder, 'c++'),
    python: join(folder, 'python3'),
    npm: join(folder, 'npm'),
  });
});

test('a Python without pip, as Debian has it, is told apart from no Python', async () => {
  await standIn('python3', 'test "$1" != -m');
  expect(evaluate("tools.requireTools(['python'])")).toMatch(/python3 has no pip\. Install it with/);
});

test('a compiler that does not know C++20 is named', async () => {
  await standIn('xcode-select', 'exit 0');
  await standIn('c++', 'exit 1');
  expect(evaluate("tools.requireTools(['compiler'])")).toMatch(/Expected a compiler for C\+\+20 .*got .*c\+\+\./);
});

test('the compiler that CXX names is taken, with its arguments', async () => {
  await standIn('xcode-select', 'exit 0');
  await standIn('ccache', 'test "$1" = clang++');
  expect(JSON.parse(evaluate("tools.requireTools(['compiler'])", { CXX: 'ccache clang++' }))).toEqual({
    compiler: join(folder, 'ccache'),
  });
});

test('a CMake that is too old counts as none', async () => {
  await standIn('cmake', 'echo "cmake version 3.18.4"');
  expect(evaluate('tools.findCmake()')).toBe('null');
  await standIn('cmake', 'echo "cmake version 3.25.1"');
  expect(JSON.parse(evaluate('tools.findCmake()'))).toBe(join(folder, 'cmake'));
});
