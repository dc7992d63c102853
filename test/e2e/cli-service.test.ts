import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type StandInLaunchd, startStandInLaunchd } from '../unit/launchd/launchd-stand-in.ts';
import { readPlist } from '../unit/launchd/read-plist.ts';

const cliModule = fileURLToPath(new URL('../../daemon/dist/cli/main.js', import.meta.url));
const sample = fileURLToPath(new URL('../../assets/samples/jfk.flac', import.meta.url));

let launchd: StandInLaunchd;
let home: string;

beforeEach(async () => {
  launchd = await startStandInLaunchd();
  home = join(launchd.userHome, 'hearth');
});

afterEach(async () => {
  await hearth('uninstall');
  await hearth('stop');
  await launchd.close();
});

interface Ending {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** The built command line on a Mac that the stand-ins make. */
async function hearth(...values: readonly string[]): Promise<Ending> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', cliModule, ...values], {
    env: {
      ...process.env,
      HEARTH_HOME: home,
      HOME: launchd.userHome,
      PATH: `${launchd.programFolder}:${process.env['PATH']}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    read(child, 'stdout'),
    read(child, 'stderr'),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

function read(child: ChildProcess, name: 'stdout' | 'stderr'): Promise<string> {
  return text(child[name] as NodeJS.ReadableStream);
}

async function status(): Promise<{ health: { processId: number }; service: { processId: number | null } | null }> {
  return JSON.parse((await hearth('status', '--json')).stdout);
}

test('installed, the daemon runs under launchd, comes back when it is killed, and runs new code when installed again', async () => {
  const installed = await hearth('install');
  expect(installed).toMatchObject({ code: 0, stdout: '' });
  expect(installed.stderr).toMatch(
    /^Hearth 0\.1\.0 is running \(pid \d+\) and starts at every login \(.*\.plist\)\.\n$/,
  );
  const first = await status();
  expect(first.service).toMatchObject({ manager: 'launchd', loaded: true, processId: first.health.processId });

  process.kill(first.health.processId, 'SIGKILL');
  const afterKill = await untilProcess((processId) => processId !== first.health.processId);
  expect((await hearth('transcribe', sample)).stdout).toMatch(/ask not what your country can do for you/i);

  expect((await hearth('install')).code).toBe(0);
  const afterUpgrade = await untilProcess((processId) => processId !== afterKill);
  expect((await status()).service?.processId).toBe(afterUpgrade);
  expect(await launchd.calls()).toContain('kickstart -k');
});

async function untilProcess(isSo: (processId: number) => boolean): Promise<number> {
  for (;;) {
    const { stdout } = await hearth('status', '--json');
    const processId = stdout === '' ? null : (JSON.parse(stdout).health.processId as number);
    if (processId !== null && isSo(processId)) return processId;
    await delay(100);
  }
}

test('an agent of an older layout is replaced, and the daemon runs on as the new one says', async () => {
  const [path] = /\/\S*\.plist/.exec((await hearth('install')).stderr) ?? [''];
  const agent = await readFile(path, 'utf8');
  await writeFile(path, agent.replace('<integer>10</integer>', '<integer>30</integer>'));
  expect((await hearth('install')).code).toBe(0);
  expect(readPlist(await readFile(path, 'utf8'))).toMatchObject({
    ThrottleInterval: 10,
    EnvironmentVariables: { HEARTH_HOME: home },
    ProgramArguments: [process.execPath, expect.any(String), expect.stringMatching(/daemon\/dist\/server\/main\.js$/)],
  });
  const calls = await launchd.calls();
  expect(calls.slice(calls.lastIndexOf('bootout')).some((call) => call.startsWith('bootstrap'))).toBe(true);
  const { health, service } = await status();
  expect(service?.processId).toBe(health.processId);
});

test('without a service, uninstall touches nothing', async () => {
  expect((await hearth('start')).code).toBe(0);
  const before = await status();
  expect(await hearth('uninstall')).toMatchObject({
    code: 0,
    stderr: 'Hearth is not installed as a service. Nothing was changed.\n',
  });
  expect((await status()).health.processId).toBe(before.health.processId);
});

test('a daemon that a command started makes way for the service', async () => {
  expect((await hearth('start')).code).toBe(0);
  const before = await status();
  expect(before.service).toBeNull();
  await hearth('install');
  const after = await status();
  expect(after.health.processId).not.toBe(before.health.processId);
  expect(after.service?.processId).toBe(after.health.processId);
});

test('stopped, it is started as the service by the next recording; restart and start keep it there', async () => {
  await hearth('install');
  expect(await hearth('stop')).toMatchObject({ code: 0, stderr: 'The daemon has stopped.\n' });
  expect(await hearth('stop')).toMatchObject({ code: 0, stderr: 'No daemon was running.\n' });
  expect((await hearth('status')).code).toBe(69);

  expect((await hearth('transcribe', sample)).code).toBe(0);
  const started = await status();
  expect(started.service?.processId).toBe(started.health.processId);

  expect((await hearth('restart')).code).toBe(0);
  const restarted = await status();
  expect(restarted.health.processId).not.toBe(started.health.processId);
  expect(restarted.service?.processId).toBe(restarted.health.processId);
  expect((await hearth('start')).stderr).toContain(`is running (pid ${restarted.health.processId}).`);
});

test('with nobody at the screen a recording is still transcribed', async () => {
  await hearth('install');
  await hearth('stop');
  await launchd.set('no-session');
  expect(await hearth('transcribe', '--quiet', sample)).toMatchObject({ code: 0, stderr: '' });
  const { processId } = (await status()).health;
  expect((await hearth('install')).stderr).toContain('Log in at the screen');
  expect((await status()).health.processId).toBe(processId);
  await hearth('stop');
});

test('settings that are wrong are told by install and by status with the reason', async () => {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'settings.json'), '{ "threads": "many" }');
  const installed = await hearth('install');
  expect(installed.code).toBe(69);
  expect(installed.stderr).toContain('It did not start. Expected threads in ');
  expect(await readFile(join(home, 'logs', 'output.log'), 'utf8')).toContain('Expected threads in ');
  expect((await hearth('status')).stderr).toContain('It did not start. Expected threads in ');
  await writeFile(join(home, 'settings.json'), '{}');
  expect((await hearth('restart')).code).toBe(0);
});

test('uninstalled, nothing runs and what Hearth has kept stays', async () => {
  await hearth('install');
  const { stderr } = await hearth('uninstall');
  expect(stderr).toBe(`Hearth no longer starts at login. Its settings, models and history are kept in ${home}.\n`);
  expect((await hearth('status')).stderr).toContain('No daemon is running');
  expect((await hearth('uninstall')).stderr).toContain('Hearth is not installed as a service.');
});
