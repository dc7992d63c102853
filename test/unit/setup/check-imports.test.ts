import { expect, test } from '@jest/globals';
import { findForbiddenImports, readImports } from '../../../setup/check-imports.mjs';

test.each([
  ['cli/program.ts', "import { transcribe } from '../client/transcribe.ts';"],
  ['server/http/create-server.ts', "import { createJobs } from '../jobs/create-jobs.ts';"],
  ['server/http/routes/health.ts', "import { createLog } from '../../../log/create-log.ts';"],
  ['server/http/routes/health.ts', "import { other } from '../guards/other.ts';"],
  ['engine/main.ts', "import { loadNative } from '@hearth/native';"],
  ['engine/main.ts', "import { join } from 'node:path';"],
  ['cli/serve.ts', "await import('../server/main.ts');"],
  ['cli/run-install.ts', "import { findService } from '@hearth/launchd';"],
  ['messages/engine-messages.ts', "import type { Segment } from '../whisper/transcript.ts';"],
])('%s may have %s', (path, source) => {
  expect(findForbiddenImports({ path, source })).toEqual([]);
});

test.each([
  ['client/transcribe.ts', "import { createProgram } from '../cli/program.ts';"],
  ['server/jobs/create-jobs.ts', "import { createServer } from '../http/create-server.ts';"],
  ['server/supervisor/x.ts', "export { x } from '../jobs/x.ts';"],
  ['server/supervisor/x.ts', "export * from '../jobs/x.ts';"],
  ['errors/x.ts', "import type { X } from '../log/x.ts';"],
  ['errors/x.ts', "let x: import('../log/x.ts').X;"],
  ['whisper/segments/x.ts', "import { join } from 'node:path';"],
  ['whisper/segments/x.ts', "import { x } from '../../engine/x.ts';"],
  ['server/x.ts', "import { loadNative } from '@hearth/native';"],
  ['server/x.ts', "const x = await import('../engine/x.ts');"],
  ['server/x.ts', "import { findService } from '@hearth/launchd';"],
  ['cli/serve.ts', "import { runDaemon } from '../server/life/run-daemon.ts';"],
  ['messages/x.ts', "import { Segment } from '../whisper/transcript.ts';"],
])('%s may not have %s', (path, source) => {
  expect(findForbiddenImports({ path, source })).toEqual([expect.stringContaining(`daemon/src/${path}:1 `)]);
});

test('imports in comments and strings are none', () => {
  expect(readImports("// import { x } from '../cli/x.ts';\nconst y = \"import '../cli/x.ts'\";")).toEqual([]);
});
