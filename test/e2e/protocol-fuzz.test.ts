import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readHealth } from '../../daemon/src/client/health.ts';
import { installPython } from '../clients/install-python.mjs';
import { pathOf } from '../engine/fork-engine.ts';
import { freePort } from './support/free-port.ts';
import { fuzzDaemon } from './support/fuzz/fuzz-daemon.ts';
import { randomNumbers } from './support/random-numbers.ts';
import { startDaemon } from './support/start-daemon.ts';

// Nothing is pulled from outside, and what never comes is soon given up.
const environment = { HEARTH_HUB_ENDPOINT: 'http://127.0.0.1:1', HEARTH_UPLOAD_IDLE_SECONDS: '2' };
const token = 'a-token-of-more-than-thirty-two-characters';

test('requests made and changed at random meet no fault and end no daemon', async () => {
  const port = await freePort();
  const daemon = await startDaemon({
    environment: { ...environment, HEARTH_LISTEN: `127.0.0.1:${port}`, HEARTH_TOKEN: token, PATH: '/nowhere' },
  });
  try {
    const { sent, statuses, faults } = await fuzzDaemon({
      socketPath: daemon.socketPath,
      network: { port, token },
      requests: 1500,
      random: randomNumbers(7),
    });
    expect(faults).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(1500);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '401', '404']));
    expect((await readHealth(daemon)).processId).toBe(daemon.child.pid);
  } finally {
    expect(await daemon.stop()).toBe(0);
  }
});

/** The lock file holds what this Python and newer ones need. */
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

(hasPython ? test : test.skip)('requests made from the API document are answered as the document says', async () => {
  const packages = pathOf('build/test-schemathesis');
  await installPython({
    name: 'test-schemathesis',
    title: 'schemathesis for tests',
    requirements: 'test/e2e/schemathesis-requirements.txt',
    folder: packages,
  });
  const folder = await mkdtemp(join(tmpdir(), 'hearth-schemathesis-'));
  const address = `127.0.0.1:${await freePort()}`;
  const daemon = await startDaemon({ environment: { ...environment, HEARTH_LISTEN: address, HEARTH_TOKEN: token } });
  try {
    const { status, stdout } = spawnSync(
      'python3',
      [
        ...[join(packages, 'bin', 'schemathesis'), 'run', pathOf('docs/openapi.json'), '--url', `http://${address}`],
        ...['--header', `Authorization: Bearer ${token}`, '--no-color', '--seed', '1', '--warnings', 'off'],
        ...['--phases', 'coverage,fuzzing', '--max-examples', '10', '--continue-on-failure'],
        ...['--checks', 'not_a_server_error,status_code_conformance,content_type_conformance'],
        ...['--checks', 'response_schema_conformance'],
      ],
      { cwd: folder, env: { ...process.env, PYTHONPATH: packages }, encoding: 'utf8' },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining('No issues found') });
  } finally {
    await daemon.stop();
    await rm(folder, { recursive: true });
  }
});
