import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const cliModule = fileURLToPath(new URL('../../../../daemon/dist/cli/main.js', import.meta.url));
const standIn = fileURLToPath(new URL('../../../stand-ins/shortcuts', import.meta.url));

let home: string;

/** A Mac's programs that note how they were called. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-mac-'));
  await writeProgram('shortcuts', `STAND_IN_SHORTCUTS='${home}' exec '${standIn}' "$@"`);
  await writeProgram('open', `printf '%s\\n' "$1" >> '${home}/opened'`);
  await writeProgram('pbs', ':');
});

afterEach(() => rm(home, { recursive: true }));

async function writeProgram(name: string, script: string): Promise<void> {
  await writeFile(join(home, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function hearth(values: readonly string[], path = `${home}:${process.env['PATH']}`) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', cliModule, ...values],
    {
      encoding: 'utf8',
      env: { ...process.env, HOME: home, HEARTH_HOME: join(home, 'hearth'), PATH: path },
    },
  );
  return { status, stdout, stderr };
}

test('shortcuts install opens three signed shortcuts and tells the two steps that are left', async () => {
  const { status, stdout, stderr } = hearth(['shortcuts', 'install']);
  expect(status).toBe(0);
  expect(stdout.trim().split('\n')).toEqual((await readFile(join(home, 'opened'), 'utf8')).trim().split('\n'));
  expect(await readdir(join(home, 'hearth', 'shortcuts'))).toHaveLength(3);
  expect(stderr).toContain('click "Add Shortcut"');
  expect(stderr).toContain('"Allow Running Scripts"');
});

test('with a folder and without opening, the files only lie there', async () => {
  const { status, stderr } = hearth(['shortcuts', 'install', '--no-open', '--output', join(home, 'mine')]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'Open each file to add it to Shortcuts.\n' });
  expect(await readdir(join(home, 'mine'))).toHaveLength(3);
  expect(existsSync(join(home, 'opened'))).toBe(false);
});

test('finder install puts the entries into the user’s services, and uninstall takes them out', async () => {
  const installed = hearth(['finder', 'install']);
  expect(installed).toMatchObject({ status: 0, stderr: expect.stringContaining('Quick Actions') });
  const services = join(home, 'Library', 'Services');
  expect(installed.stdout.trim().split('\n')).toHaveLength(2);
  const workflow = await readFile(join(services, 'Transcribe with Hearth.workflow/Contents/document.wflow'), 'utf8');
  expect(workflow).toContain(fileURLToPath(new URL('../../../../hearth', import.meta.url)));
  expect(hearth(['finder', 'uninstall'])).toMatchObject({
    status: 0,
    stderr: 'The Quick Actions have been removed.\n',
  });
  expect(await readdir(services)).toEqual([]);
});

// A Mac has these programs whatever the PATH says.
const testElsewhere = process.platform === 'darwin' ? test.skip : test;

testElsewhere.each([
  [['shortcuts', 'install'], 'shortcuts'],
  [['finder', 'install'], 'pbs'],
])('on another system %j says that it needs a Mac', (values, program) => {
  expect(hearth(values, '/nowhere')).toEqual({
    status: 1,
    stdout: '',
    stderr: `hearth: \`${program}\`, a program of macOS, was not found. Run it on a Mac.\n`,
  });
});
