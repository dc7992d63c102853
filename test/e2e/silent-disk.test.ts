import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { startDaemon } from './support/start-daemon.ts';

const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');

let root: string;
let hanging: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'hearth-silent-'));
  const pipe = join(root, 'pipe');
  execFileSync('mkfifo', [pipe]);
  hanging = join(root, 'hanging.mjs');
  // Opening a pipe that nobody writes to holds a thread as a disk does that no longer answers.
  writeFileSync(
    hanging,
    `import { open } from 'node:fs';
    process.on('SIGUSR2', () => {
      for (let number = 0; number < 10; number++) open(${JSON.stringify(pipe)}, 'r', () => undefined);
    });`,
  );
});

afterAll(() => rmSync(root, { recursive: true }));

test('a daemon with ten calls that a disk never answers transcribes, tells its health and ends when it is asked to', async () => {
  const daemon = await startDaemon({
    environment: { NODE_OPTIONS: `--import=${pathToFileURL(hanging)}`, HEARTH_DRAIN_SECONDS: '0' },
  });
  daemon.child.kill('SIGUSR2');
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: await readFile(clip) });
  expect(answer.status).toBe(200);
  expect((await readHealth(daemon)).problems).toEqual([]);
  expect(await daemon.stop()).toBe(0);
});
