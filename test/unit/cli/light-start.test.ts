import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { readImports } from '../../../tools/check-imports.mjs';

/** The packages that a module loads with everything that it imports; what is imported on demand is left out. */
function packagesOf(entry: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { target, kind } of readImports({ path: file, source: readFileSync(file, 'utf8') })) {
      if (kind !== 'value') continue;
      if (!target.startsWith('.')) packages.add(target);
      else if (existsSync(join(dirname(file), target))) seen.add(join(dirname(file), target));
    }
  }
  return packages;
}

test.each(['cli/main.ts', 'cli/program.ts', 'cli/commands/transcribe.ts', 'engine/main.ts'])(
  '%s starts without the libraries of the server',
  (name) => {
    const packages = packagesOf(fileURLToPath(new URL(`../../../daemon/src/${name}`, import.meta.url)));
    expect([...packages].some((each) => each.startsWith('node:'))).toBe(true);
    expect([...packages].filter((each) => /^(typebox|fastify|@fastify|pino)/.test(each))).toEqual([]);
  },
);

test('the command line does not import node:http, which would load a WebSocket with it', () => {
  const packages = packagesOf(
    fileURLToPath(new URL('../../../daemon/src/cli/commands/transcribe.ts', import.meta.url)),
  );
  expect(packages.has('commander')).toBe(true);
  expect(packages.has('node:http')).toBe(false);
});

test('the server starts without the HTTP client that downloads models', () => {
  const packages = packagesOf(fileURLToPath(new URL('../../../daemon/src/server/life/run-daemon.ts', import.meta.url)));
  expect(packages.has('fastify')).toBe(true);
  expect(packages.has('undici')).toBe(false);
});
