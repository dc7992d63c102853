import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { extensionFolder, lint } from './store/ray.ts';

let copy: string;

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'extension-'));
  for (const name of await readdir(extensionFolder)) {
    if (name === 'node_modules') await symlink(join(extensionFolder, name), join(copy, name));
    else if (name !== 'dist') await cp(join(extensionFolder, name), join(copy, name), { recursive: true });
  }
});

afterEach(() => rm(copy, { recursive: true }));

test('the Store’s own checks find nothing wrong', async () => {
  const { code, output } = await lint(copy);
  expect({ code, output }).toEqual({ code: 0, output: expect.not.stringMatching(/error|warning/) });
});

test('a manifest that the Store would refuse is refused', async () => {
  const path = join(copy, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as { commands: { mode: string }[] };
  (manifest.commands[0] as { mode: string }).mode = 'window';
  await writeFile(path, JSON.stringify(manifest, null, 2));
  const { code, output } = await lint(copy);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/error +- validate package.json/) });
});

test('the build has a script for each command and tool of the manifest', async () => {
  const built = JSON.parse(await readFile(join(extensionFolder, 'dist', 'package.json'), 'utf8')) as {
    commands: { name: string }[];
    tools: { name: string; input: { properties: Record<string, unknown> } }[];
  };
  const names = [...built.commands.map(({ name }) => name), ...built.tools.map(({ name }) => `tools/${name}`)];
  const scripts = await readdir(join(extensionFolder, 'dist'), { recursive: true });
  expect(scripts).toEqual(expect.arrayContaining(names.map((name) => `${name}.js`)));
  expect(built.tools.map(({ input }) => Object.keys(input.properties))).toEqual([
    ['path', 'language', 'translateToEnglish'],
    ['query', 'limit'],
  ]);
});

test('the evals of the AI tools call tools of the manifest, with what they take', async () => {
  const { ai, tools } = JSON.parse(await readFile(join(extensionFolder, 'dist', 'package.json'), 'utf8')) as Manifest;
  const inputs = new Map(tools.map(({ name, input }) => [name, Object.keys(input.properties)]));
  expect(ai.evals.length).toBeGreaterThan(3);
  for (const { input, mocks, expected } of ai.evals) {
    expect(input).toMatch(/^@hearth /);
    expect([...inputs.keys()]).toEqual(expect.arrayContaining(Object.keys(mocks)));
    for (const { callsTool } of expected) {
      if (callsTool === undefined) continue;
      const { name, arguments: given = {} } = typeof callsTool === 'string' ? { name: callsTool } : callsTool;
      expect(Object.keys(mocks)).toContain(name);
      expect(inputs.get(name)).toEqual(expect.arrayContaining(Object.keys(given)));
    }
  }
  expect(new Set(ai.evals.flatMap(({ mocks }) => Object.keys(mocks)))).toEqual(new Set(inputs.keys()));
});

interface Manifest {
  readonly tools: readonly { readonly name: string; readonly input: { readonly properties: object } }[];
  readonly ai: { readonly evals: readonly Eval[] };
}

/** As developers.raycast.com/ai/evals describes one. */
interface Eval {
  readonly input: string;
  readonly mocks: Readonly<Record<string, unknown>>;
  readonly expected: readonly {
    readonly callsTool?: string | { readonly name: string; readonly arguments?: object };
  }[];
}
