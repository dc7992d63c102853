import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { checkEverything } from '../../daemon/src/cli/doctor/check-everything.ts';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { homePaths } from '../../daemon/src/settings/home-paths.ts';
import { readLockHolder } from '../../daemon/src/settings/lock-holder.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { makeHome, runToEnd, spawnDaemon, startDaemon } from './support/start-daemon.ts';

const homes: string[] = [];

afterEach(async () => {
  for (const home of homes.splice(0)) await rm(home, { recursive: true, force: true });
});

async function newHome(): Promise<string> {
  const home = await makeHome();
  homes.push(home);
  return home;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await delay(1);
}

/** A daemon that is stopped in the middle of its start, with the home locked. */
async function spawnStopped(home: string) {
  const first = spawnDaemon(home);
  const path = join(home, 'daemon.pid');
  // The file is there a moment before it says anything.
  await until(() => existsSync(path) && readFileSync(path, 'utf8') === `${first.child.pid}\n`);
  first.child.kill('SIGSTOP');
  return first;
}

/** Starts another one and waits until it says that it waits. */
async function spawnWaiting(home: string) {
  const second = spawnDaemon(home);
  await once(second.child.stderr, 'data');
  return second;
}

test('of twenty that start at once one becomes the daemon, and the others end with 0', async () => {
  const home = await newHome();
  const all = Array.from({ length: 20 }, () => spawnDaemon(home));
  const ended: number[] = [];
  for (const { child, exited } of all) void exited.then((code) => ended.push(code === 0 ? (child.pid ?? 0) : -1));
  await until(() => ended.length === all.length - 1);
  expect(ended).not.toContain(-1);
  const winner = all.find(({ child }) => !ended.includes(child.pid ?? 0));
  expect(readFileSync(join(home, 'daemon.pid'), 'utf8')).toBe(`${winner?.child.pid}\n`);
  winner?.child.kill('SIGTERM');
  expect(await winner?.exited).toBe(0);
});

test('a start that is held up keeps its home, and the one that came later leaves when it goes on', async () => {
  const home = await newHome();
  const first = await spawnStopped(home);
  const second = await spawnWaiting(home);
  first.child.kill('SIGCONT');
  expect(await second.exited).toBe(0);
  expect(await second.output).toContain(`Process ${first.child.pid} starts or stops in this home. Waiting for it.`);
  first.child.kill('SIGTERM');
  expect(await first.exited).toBe(0);
});

test('a start that is killed while it is held up makes way for the one that waits', async () => {
  const home = await newHome();
  const first = await spawnStopped(home);
  const second = await spawnWaiting(home);
  first.child.kill('SIGKILL');
  await until(() => existsSync(join(home, 'hearth.sock')));
  second.child.kill('SIGTERM');
  expect(await second.exited).toBe(0);
});

test('one that waits for a home ends when it is asked to, and doctor names the process that has it', async () => {
  const home = await newHome();
  const first = await spawnStopped(home);
  const second = await spawnWaiting(home);
  process.env['HEARTH_HOME'] = home;
  const findings = await checkEverything({ socketPath: join(home, 'hearth.sock') });
  delete process.env['HEARTH_HOME'];
  expect(findings).toContainEqual({
    state: 'wrong',
    part: 'Daemon',
    found: `process ${first.child.pid} uses the home, but does not answer`,
    advice: expect.stringContaining(`kill -9 ${first.child.pid}`),
  });
  second.child.kill('SIGTERM');
  expect(await second.exited).toBe(0);
  first.child.kill('SIGKILL');
  await first.exited;
});

const killPoints = ['daemon.lock', 'daemon.pid', 'spool', 'temporary', 'logs/hearth.log', 'hearth.sock'];
test.each(killPoints)(
  'a daemon that is killed as %s appears leaves nothing in the way of the next one',
  async (name) => {
    const home = await newHome();
    const first = spawnDaemon(home);
    await until(() => existsSync(join(home, name)));
    first.child.kill('SIGKILL');
    await first.exited;
    const second = await startDaemon({ home });
    expect(await second.stop()).toBe(0);
  },
);

const old = 'hearth.sock.starting';
test.each([
  ['a folder', (path: string) => mkdir(path)],
  ['a folder from the future', (path: string) => mkdir(path).then(() => utimes(path, 4e9, 4e9))],
  ['a folder that is not empty', (path: string) => mkdir(join(path, 'x'), { recursive: true })],
  ['a file', (path: string) => writeFile(path, '')],
])('%s where version 0.1 kept its start lock keeps nobody out', async (_, put) => {
  const home = await newHome();
  await put(join(home, old));
  const daemon = await startDaemon({ home });
  expect(await daemon.stop()).toBe(0);
});

test('a home that was there keeps its mode and what others have in it', async () => {
  const [home, disk] = [await newHome(), await newHome()];
  await chmod(home, 0o755);
  await mkdir(join(home, 'temporary', 'engine'), { recursive: true });
  await writeFile(join(home, 'temporary', 'engine', 'a.txt'), '');
  await writeFile(join(disk, 'photo.jpg'), '');
  await symlink(disk, join(home, 'spool'));
  const daemon = await startDaemon({ home });
  const health = await readHealth(daemon);
  expect(health.warnings).toContainEqual(expect.stringContaining('is open to other users'));
  expect((await stat(home)).mode & 0o777).toBe(0o755);
  expect((await stat(daemon.socketPath)).mode & 0o777).toBe(0o600);
  daemon.child.kill('SIGTERM');
  expect(await daemon.exited).toBe(0);
  expect(await readdir(disk)).toEqual(['photo.jpg']);
  expect(await readdir(join(home, 'temporary', 'engine'))).toEqual(['a.txt']);
});

test('what is no socket in the place of the socket is told and kept', async () => {
  const home = await newHome();
  await writeFile(join(home, 'hearth.sock'), 'somebody’s');
  const { code, output } = await runToEnd(home);
  expect([code, output]).toEqual([78, expect.stringContaining('Expected a socket or nothing')]);
  expect(readFileSync(join(home, 'hearth.sock'), 'utf8')).toBe('somebody’s');
});

test('what is no folder in the place of one is told and kept', async () => {
  const home = await newHome();
  await writeFile(join(home, 'temporary'), 'somebody’s');
  const { code, output } = await runToEnd(home);
  expect([code, output]).toEqual([78, expect.stringContaining(`Cannot write ${home}/temporary`)]);
  expect(readFileSync(join(home, 'temporary'), 'utf8')).toBe('somebody’s');
});

test('a daemon whose home is deleted ends, its engine and its jobs with it', async () => {
  const daemon = await startDaemon();
  const { engine } = await readResidency(daemon);
  await rm(daemon.home, { recursive: true });
  expect(await daemon.exited).toBe(1);
  expect(() => process.kill(engine.processId as number, 0)).toThrow('ESRCH');
});

test('a daemon whose lock is deleted or replaced stays the only one, and says what is in the place of its lock', async () => {
  const daemon = await startDaemon();
  const lockFile = join(daemon.home, 'daemon.lock');
  await rm(lockFile);
  // Before it has noticed, too.
  expect(await runToEnd(daemon.home)).toMatchObject({ code: 0 });
  while (readLockHolder(homePaths({ HEARTH_HOME: daemon.home })) === null) await delay(20);
  expect((await readHealth(daemon)).problems).toEqual([]);
  await rm(lockFile);
  await writeFile(lockFile, 'shopping list'.repeat(100));
  while ((await readHealth(daemon)).problems.length === 0) await delay(20);
  expect((await readHealth(daemon)).problems).toMatchObject([{ code: 'HOME_NOT_WRITABLE' }]);
  expect(await runToEnd(daemon.home)).toMatchObject({ code: 0 });
  await rm(lockFile);
  while ((await readHealth(daemon)).problems.length > 0) await delay(20);
  expect(await daemon.stop()).toBe(0);
});

test('a daemon whose lock, process id and socket are deleted has ended before another one is there', async () => {
  const first = await startDaemon();
  for (const name of ['daemon.lock', 'daemon.pid', 'hearth.sock']) await rm(join(first.home, name));
  const second = await startDaemon({ home: first.home });
  expect(first.child.exitCode).toBe(75);
  expect((await readdir(first.home)).includes('hearth.sock')).toBe(true);
  expect(await second.stop()).toBe(0);
});

test('a daemon that ends leaves what somebody else has put in the place of its socket', async () => {
  const daemon = await startDaemon();
  await rm(daemon.socketPath);
  await writeFile(daemon.socketPath, 'shopping list');
  daemon.child.kill('SIGTERM');
  await daemon.exited;
  expect(await readFile(daemon.socketPath, 'utf8')).toBe('shopping list');
  await rm(daemon.home, { recursive: true });
});

test('a daemon whose socket is deleted makes way for the next one', async () => {
  const first = await startDaemon();
  await rm(first.socketPath);
  expect(await first.exited).toBe(75);
  const second = await startDaemon({ home: first.home });
  expect(await second.stop()).toBe(0);
});

test.each(['history.sqlite', 'jobs.sqlite'])(
  'a daemon whose %s is deleted says that it is degraded, and why',
  async (name) => {
    const daemon = await startDaemon();
    while ((await readHealth(daemon)).status !== 'ok') await delay(25);
    await rm(join(daemon.home, name));
    const { status, problems } = await readHealth(daemon);
    expect(status).toBe('degraded');
    expect(problems).toEqual([
      {
        code: 'HOME_DAMAGED',
        message: expect.stringContaining('was deleted or replaced'),
        hint: expect.stringContaining('hearth restart'),
      },
    ]);
    expect(await daemon.stop()).toBe(0);
  },
);

test('a daemon whose folders are deleted makes those again that it needs', async () => {
  const converter = join(await newHome(), 'ffmpeg');
  const sound = pathOf('test/fixtures/audio/speechbrain_spk1_snt1.wav');
  await writeFile(converter, `#!/bin/sh\nexec cat ${sound}\n`, { mode: 0o755 });
  const daemon = await startDaemon({ environment: { HEARTH_FFMPEG: converter } });
  for (const name of ['spool', 'temporary']) await rm(join(daemon.home, name), { recursive: true });
  const body = createReadStream(pathOf('test/fixtures/audio/jfk_441khz.m4a'));
  expect((await daemon.ask({ path: '/v1/transcriptions?format=txt', body })).status).toBe(200);
  expect(await daemon.stop()).toBe(0);
});

test('commands wait for a daemon that is stopped no longer than they may, and say which process it is', async () => {
  const daemon = await startDaemon();
  daemon.child.kill('SIGSTOP');
  const run = async (...values: readonly string[]) => {
    const child = spawn(process.execPath, [pathOf('daemon/dist/cli/main.js'), ...values], {
      env: { ...process.env, HEARTH_HOME: daemon.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code, said: stdout + stderr };
  };
  const commands = [['status'], ['jobs'], ['jobs', 'follow', 'x'], ['history'], ['models'], ['start'], ['stop']];
  const [doctor, ...others] = await Promise.all([run('doctor'), ...commands.map((values) => run(...values))]);
  for (const { code, said } of others) {
    expect([code, said]).toEqual([
      69,
      expect.stringContaining(`The daemon (process ${daemon.child.pid}) runs, but did not answer`),
    ]);
    expect(said).toContain(`kill -9 ${daemon.child.pid}`);
  }
  expect([doctor?.code, doctor?.said]).toEqual([
    1,
    expect.stringContaining(`process ${daemon.child.pid} uses the home, but does not answer`),
  ]);
  daemon.child.kill('SIGCONT');
  expect(await daemon.stop()).toBe(0);
});
