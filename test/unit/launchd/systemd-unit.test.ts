import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { ServiceDefinition } from '../../../launchd/src/service.ts';
import { buildSystemdUnit } from '../../../launchd/src/systemd-unit.ts';

const definition: ServiceDefinition = {
  command: ['/bin/true', '--flag', '/opt/a b/100 %/$HOME/"main".js'],
  environment: { PATH: '/usr/bin:/bin', HEARTH_HOME: '/home/ada/50 %' },
  workingFolder: '/tmp/50 %',
  outputFile: '/tmp/50 %/output.log',
};

test('words keep their blanks, quotes, percent and dollar signs', () => {
  const lines = buildSystemdUnit(definition).split('\n');
  expect(lines).toContain('ExecStart="/bin/true" "--flag" "/opt/a b/100 %%/$$HOME/\\"main\\".js"');
  expect(lines).toContain('Environment="HEARTH_HOME=/home/ada/50 %%"');
  expect(lines).toContain('WorkingDirectory=/tmp/50 %%');
  expect(lines).toContain('StandardError=append:/tmp/50 %%/output.log');
});

test('it comes back when it fails, except for bad settings, which no restart cures', () => {
  const lines = buildSystemdUnit(definition).split('\n');
  expect(lines).toContain('Restart=on-failure');
  expect(lines).toContain('RestartPreventExitStatus=78');
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

// Only Linux machines with systemd have the program that knows its grammar.
(hasSystemd ? test : test.skip)('systemd finds nothing wrong with it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hearth-unit-'));
  const path = join(folder, 'local.hearth.daemon.service');
  writeFileSync(path, buildSystemdUnit(definition));
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--user', '--man=no', path], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: folder },
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
});
