import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLaunchctl } from '../../launchd/src/launchctl.ts';
import { createLaunchdService } from '../../launchd/src/launchd-service.ts';
import type { Service, ServiceDefinition, ServiceStatus } from '../../launchd/src/service.ts';
import { type StandInLaunchd, startStandInLaunchd } from '../unit/launchd/launchd-stand-in.ts';

const label = 'local.hearth.daemon';
const userId = process.getuid?.() ?? 0;

let launchd: StandInLaunchd;
let program: string;
let service: Service;

beforeEach(async () => {
  launchd = await startStandInLaunchd();
  program = join(launchd.programFolder, 'launchctl');
  service = createLaunchdService({ label, program, userId, userHome: launchd.userHome });
});

afterEach(() => launchd.close());

/** A job that says when it runs and goes on until it is ended, or ends at once with an exit code. */
async function definition(ending = 'exec sleep 1000', name = 'job.sh'): Promise<ServiceDefinition> {
  const program = join(launchd.userHome, name);
  await writeFile(program, `#!/bin/sh\necho "runs $1 in $PWD" >&2\n${ending}\n`);
  await chmod(program, 0o755);
  const outputFile = join(launchd.userHome, 'output.log');
  return { command: [program, 'now'], environment: {}, workingFolder: launchd.userHome, outputFile };
}

async function until(isSo: (status: ServiceStatus) => boolean): Promise<ServiceStatus> {
  for (;;) {
    const status = await service.status();
    if (isSo(status)) return status;
    // Each look is a process of its own.
    await delay(50);
  }
}

async function untilRunning(): Promise<number> {
  return (await until(({ processId }) => processId !== null)).processId as number;
}

test('installing writes the agent, enables it and loads it; it runs in its folder with its output in its file', async () => {
  const installed = await definition();
  await service.install(installed);
  await untilRunning();
  expect(service.isInstalled()).toBe(true);
  expect((await stat(service.definitionFile)).mode & 0o777).toBe(0o644);
  expect((await launchd.calls()).slice(0, 3)).toEqual(['print', 'enable', `bootstrap gui/${userId}`]);
  while ((await readFile(installed.outputFile, 'utf8')) === '') await delay(10);
  expect(await readFile(installed.outputFile, 'utf8')).toBe(`runs now in ${launchd.userHome}\n`);
});

test('installed again unchanged, it runs the code that is there now under the same job', async () => {
  await service.install(await definition());
  const before = await untilRunning();
  await service.install(await definition());
  await until(({ processId }) => processId !== null && processId !== before);
  const calls = await launchd.calls();
  expect(calls).toContain('kickstart -k');
  expect(calls).not.toContain('bootout');
});

test('an agent that has changed is unloaded, waited for and loaded anew', async () => {
  await service.install(await definition());
  await untilRunning();
  const changed = await definition('exec sleep 2000', 'new.sh');
  await service.install(changed);
  await untilRunning();
  expect(await readFile(service.definitionFile, 'utf8')).toContain('new.sh');
  const calls = await launchd.calls();
  const after = calls.slice(calls.indexOf('bootout'));
  // The job lingers after bootout; print tells when it is gone.
  expect(after.filter((call) => call === 'print').length).toBeGreaterThan(1);
  expect(after.filter((call) => call.startsWith('bootstrap'))).toHaveLength(1);
});

test.each([5, 36, 37])('a bootstrap that fails once with %i is tried again', async (exitCode) => {
  await launchd.fail('bootstrap', exitCode);
  await service.install(await definition());
  await untilRunning();
});

test('a bootstrap that fails twice is told with what to do', async () => {
  await launchd.fail('bootstrap', 5, 5);
  await expect(service.install(await definition())).rejects.toMatchObject({
    code: 'SERVICE_FAILED',
    message: 'Expected `launchctl bootstrap` to succeed, got exit code 5: bootstrap failed: 5: Input/output error.',
    hint: 'Wait a minute and try again. If that does not help, log out and in again.',
  });
});

test('an agent that the user has disabled is enabled before it is loaded', async () => {
  await launchd.set(`disabled/${label}`);
  await service.install(await definition());
  await untilRunning();
});

test('an agent that stays disabled is told with where to allow it', async () => {
  await launchd.fail('bootstrap', 119);
  await expect(service.install(await definition())).rejects.toMatchObject({
    message: expect.stringContaining('Service is disabled'),
    hint: expect.stringContaining('System Settings > General > Login Items'),
  });
});

test('an exit code that nobody knows is told with the command that explains it', async () => {
  await launchd.fail('enable', 144);
  await expect(service.install(await definition())).rejects.toMatchObject({
    hint: '`launchctl error 144` explains the code.',
  });
});

test('with nobody at the screen nothing is written, and uninstalling still removes the file', async () => {
  await service.install(await definition());
  await untilRunning();
  await service.stop();
  await launchd.set('no-session');
  const before = await readFile(service.definitionFile, 'utf8');
  await expect(service.install(await definition('exit 0', 'other.sh'))).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    hint: expect.stringContaining('Log in at the screen'),
  });
  expect(await readFile(service.definitionFile, 'utf8')).toBe(before);
  expect(await service.uninstall()).toBe(true);
  expect(service.isInstalled()).toBe(false);
});

test('without a launchctl that is told and not a crash', async () => {
  const missing = createLaunchdService({ label, program: '/nowhere/launchctl', userId: 1, userHome: launchd.userHome });
  await expect(missing.start()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});

test('stopping ends the job for good, starting brings it back, and both may be said twice', async () => {
  await service.install(await definition());
  await untilRunning();
  expect(await service.stop()).toBe(true);
  expect(await service.status()).toMatchObject({ installed: true, loaded: false, processId: null, advice: null });
  expect(await service.stop()).toBe(false);
  await service.start();
  const processId = await untilRunning();
  await service.start();
  expect(await untilRunning()).toBe(processId);
});

test('a job that a first bootout leaves there is asked to go once more', async () => {
  await service.install(await definition());
  await untilRunning();
  await launchd.fail('bootout', 36);
  const launchctl = createLaunchctl({ program, userId, label, goneLimitMs: 2000 });
  expect(await launchctl.bootout()).toBe(true);
  expect((await launchd.calls()).filter((call) => call === 'bootout')).toHaveLength(2);
});

test('a job that does not go is told', async () => {
  await service.install(await definition());
  await untilRunning();
  await launchd.fail('bootout', 36, 5);
  const launchctl = createLaunchctl({ program, userId, label, goneLimitMs: 50 });
  await expect(launchctl.bootout()).rejects.toMatchObject({ code: 'SERVICE_FAILED' });
});

test('a bootout that is refused is told at once', async () => {
  await service.install(await definition());
  await untilRunning();
  await launchd.fail('bootout', 1);
  await expect(service.stop()).rejects.toMatchObject({ code: 'SERVICE_FAILED', hint: expect.stringContaining('sudo') });
});

test('restarting runs a new process, and runs one where none was', async () => {
  await service.install(await definition());
  const before = await untilRunning();
  await service.restart();
  await until(({ processId }) => processId !== null && processId !== before);
  await service.stop();
  await service.restart();
  await untilRunning();
});

test('a job that is killed comes back and the status tells how it ended before', async () => {
  await service.install(await definition());
  const before = await untilRunning();
  process.kill(before, 'SIGKILL');
  const status = await until(({ processId }) => processId !== null && processId !== before);
  expect(status).toMatchObject({ manager: 'launchd', loaded: true, lastSignal: 'Killed: 9' });
  expect(status.advice).toContain('It was killed (Killed: 9). Its output is in ');
});

test('a job that ends well stays down', async () => {
  await service.install(await definition('exit 0'));
  const status = await until(({ lastExitCode }) => lastExitCode === 0);
  expect(status).toMatchObject({ loaded: true, processId: null, advice: null });
});

test('a job that launchd shall not restart says why it did not start, until it has run again', async () => {
  const refusal = 'Expected a number as maxQueuedJobs, got "many". (SETTINGS_INVALID)\\nCorrect the settings file.\\n';
  await service.install(await definition(`printf '${refusal}' >&2; exit 0`));
  const status = await until(({ lastExitCode }) => lastExitCode === 0);
  expect(status).toMatchObject({
    processId: null,
    advice: 'It did not start. Expected a number as maxQueuedJobs, got "many".',
  });
  await service.install(await definition(`printf '${refusal}Listening on a socket.\\n' >&2; exit 0`, 'again.sh'));
  await until(({ advice }) => advice === null);
});

test('a job whose program has gone is told with the program and the way out', async () => {
  const gone = join(launchd.userHome, 'Cellar/node/22/bin/node');
  await service.install({ ...(await definition()), command: [gone] });
  const status = await until(({ lastExitCode }) => lastExitCode === 78);
  expect(status.advice).toBe(`The program ${gone} is gone. Run \`hearth install\` again.`);
});

test.each([
  [78, 'Its settings or its home are wrong. Its output is in '],
  [127, 'Its program cannot be run (exit code 127). Run `hearth install` again.'],
  [1, 'It ended with exit code 1. Its output is in '],
])('a job that fails with %i gets plain advice', async (exitCode, advice) => {
  await service.install(await definition(`exit ${exitCode}`));
  const status = await until((each) => each.lastExitCode === exitCode && each.processId === null);
  expect(status.advice).toContain(advice);
});

test('uninstalling ends the job and removes the file, and is true only once', async () => {
  await service.install(await definition());
  await untilRunning();
  expect(await service.uninstall()).toBe(true);
  expect(await service.status()).toMatchObject({ installed: false, loaded: false });
  expect(await service.uninstall()).toBe(false);
});
