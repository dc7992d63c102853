import { expect, test } from '@jest/globals';
import { findForbiddenImports, findImportCircles, readImports } from '../../../tools/check-imports.mjs';

test.each([
  ['daemon/src/cli/program.ts', "import { transcribe } from '../client/transcribe.ts';"],
  ['daemon/src/server/http/create-server.ts', "import { createJobs } from '../jobs/create-jobs.ts';"],
  ['daemon/src/server/http/routes/health.ts', "import { createLog } from '../../../log/create-log.ts';"],
  ['daemon/src/server/http/routes/health.ts', "import { other } from '../guards/other.ts';"],
  ['daemon/src/engine/main.ts', "import { createNative } from '@hearth/native';"],
  ['daemon/src/engine/main.ts', "import { join } from 'node:path';"],
  ['daemon/src/cli/serve.ts', "await import('../server/main.ts');"],
  ['daemon/src/cli/run-install.ts', "import { findService } from '@hearth/launchd';"],
  ['daemon/src/protocol/wire-error.ts', "import { HearthError } from '../errors/hearth-error.ts';"],
  ['test/unit/cli/x.test.ts', "import { x } from '../../../daemon/src/cli/x.ts';"],
  ['tools/x.mjs', "import { rootFolder } from '../setup/folders.mjs';"],
  ['extension/src/views/X.tsx', "import { List } from '@raycast/api';\nexport const x = () => <List />;"],
])('%s may have %s', (path, source) => {
  expect(findForbiddenImports({ path, source })).toEqual([]);
});

test.each([
  ['daemon/src/client/transcribe.ts', "import { createProgram } from '../cli/program.ts';"],
  ['daemon/src/server/jobs/create-jobs.ts', "import { createServer } from '../http/create-server.ts';"],
  ['daemon/src/server/supervisor/x.ts', "export { x } from '../jobs/x.ts';"],
  ['daemon/src/server/supervisor/x.ts', "export * from '../jobs/x.ts';"],
  ['daemon/src/errors/x.ts', "import type { X } from '../log/x.ts';"],
  ['daemon/src/errors/x.ts', "let x: import('../log/x.ts').X;"],
  ['daemon/src/whisper/segments/x.ts', "import { join } from 'node:path';"],
  ['daemon/src/whisper/segments/x.ts', "import { x } from '../../engine/x.ts';"],
  ['daemon/src/server/x.ts', "import { createNative } from '@hearth/native';"],
  ['daemon/src/server/x.ts', "const x = await import('../engine/x.ts');"],
  ['daemon/src/server/x.ts', "import { findService } from '@hearth/launchd';"],
  ['daemon/src/cli/serve.ts', "import { runDaemon } from '../server/life/run-daemon.ts';"],
  ['daemon/src/protocol/x.ts', "import type { Segment } from '../whisper/transcript.ts';"],
  ['native/index.ts', "import type { X } from '../daemon/src/engine/x.ts';"],
  ['launchd/src/index.ts', "import { x } from '../../daemon/src/mac/x.ts';"],
  ['extension/src/x.tsx', "import { x } from '../../daemon/src/formats/x.ts';"],
  ['setup/main.mjs', "import { x } from '../tools/x.mjs';"],
  ['setup/main.mjs', "import { parse } from 'smol-toml';"],
  ['daemon/src/cli/x.ts', "import { x } from '../../../test/e2e/support/x.ts';"],
  ['daemon/src/cli/x.ts', "import { x } from '../../../bench/x.ts';"],
])('%s may not have %s', (path, source) => {
  expect(findForbiddenImports({ path, source })).toEqual([expect.stringContaining(`${path}:1 `)]);
});

test('a folder that nobody gave arrows may hold nothing', () => {
  expect(findForbiddenImports({ path: 'daemon/src/extras/x.ts', source: '' })).toEqual([
    expect.stringContaining('daemon/src/extras/x.ts is in a folder that'),
  ]);
});

test('the line of an import is told', () => {
  const source = "import { a } from './a.ts';\n\nconst b = await import('../server/b.ts');\n";
  expect(findForbiddenImports({ path: 'daemon/src/client/x.ts', source })).toEqual([
    expect.stringContaining('daemon/src/client/x.ts:3 '),
  ]);
});

test('imports in comments and strings are none', () => {
  const source = "// import { x } from '../cli/x.ts';\nconst y = \"import '../cli/x.ts'\";";
  expect(readImports({ path: 'x.ts', source })).toEqual([]);
});

test.each([
  ['of values', "import { b } from './b.ts';", "import { a } from './a.ts';", 'ts'],
  ['of types', "import type { B } from './b.ts';", "let a: import('./a.ts').A;", 'ts'],
  ['of a value and a type', "export * from './b.ts';", "import { type A } from './a.ts';", 'ts'],
  ['that closes when a module is loaded on demand', "await import('./b.ts');", "export { a } from './a.ts';", 'ts'],
  ['without file endings', "import { b } from './b';", "import { a } from './a';", 'tsx'],
])('a circle %s is refused', (_, a, b, ending) => {
  const sources = new Map([
    ['extension/src/start.ts', "import { a } from './a';"],
    [`extension/src/a.${ending}`, a],
    [`extension/src/b.${ending}`, b],
  ]);
  expect(findImportCircles(sources)).toEqual([
    `Imports go in a circle: extension/src/a.${ending} -> extension/src/b.${ending} -> extension/src/a.${ending}.`,
  ]);
});

test('a circle through three folders is refused, and so is a file that imports itself', () => {
  const sources = new Map([
    ['test/a.ts', "import '../tools/b.mjs';\nimport './self.ts';"],
    ['tools/b.mjs', "import '../bench/c.ts';"],
    ['bench/c.ts', "import '../test/a.ts';"],
    ['test/self.ts', "import { x } from './self.ts';"],
  ]);
  expect(findImportCircles(sources)).toEqual([
    'Imports go in a circle: test/a.ts -> tools/b.mjs -> bench/c.ts -> test/a.ts.',
    'Imports go in a circle: test/self.ts -> test/self.ts.',
  ]);
});

test('two ways to the same file are no circle', () => {
  const sources = new Map([
    ['test/a.ts', "import './b.ts';\nimport './c.ts';"],
    ['test/b.ts', "import './d.ts';"],
    ['test/c.ts', "import './d.ts';"],
    ['test/d.ts', "import { join } from 'node:path';"],
  ]);
  expect(findImportCircles(sources)).toEqual([]);
});
