import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Service, ServiceDefinition, ServiceStatus } from '../../../launchd/src/service.ts';
import { createSystemdService } from '../../../launchd/src/systemd-service.ts';

const standIn = fileURLToPath(new URL('../../stand-ins/systemctl', import.meta.url));

let home: string;
let state: string;
let service: Service;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-systemd-'));
  state = join(home, 'state');
  await mkdir(state);
  const program = join(home, 'systemctl');
  const script = `#!/bin/sh\nexport STAND_IN_SYSTEMD='${state}' XDG_CONFIG_HOME='${home}/.config'\nexec '${standIn}' "$@"\n`;
  await writeFile(program, script, { mode: 0o755 });
  const configurationFolder = join(home, '.config');
  service = createSystemdService({ label: 'local.hearth.daemon', program, configurationFolder });
});

afterEach(async () => {
  await rm(join(state, 'no-bus'), { force: true });
  await service.uninstall();
  await rm(home, { recursive: true });
});

async function definition(ending = 'exec sleep 1000'): Promise<ServiceDefinition> {
  const program = join(home, 'a $job.sh');
  await writeFile(program, `#!/bin/sh\n${ending}\n`, { mode: 0o755 });
  return { command: [program], environment: {}, workingFolder: home, outputFile: join(home, 'output.log') };
}

async function until(isSo: (status: ServiceStatus) => boolean): Promise<ServiceStatus> {
  for (;;) {
    const status = await service.status();
    if (isSo(status)) return status;
    await delay(10);
  }
}

async function untilRunning(): Promise<number> {
  return (await until(({ processId }) => processId !== null)).processId as number;
}

test('installing enables the unit and runs it; again, it runs the code that is there now', async () => {
  await service.install(await definition());
  const before = await untilRunning();
  expect(service.isInstalled()).toBe(true);
  await service.install(await definition('exec sleep 2000'));
  await until(({ processId }) => processId !== null && processId !== before);
  const calls = await readFile(join(state, 'calls'), 'utf8');
  expect(calls).toContain('daemon-reload\nenable local.hearth.daemon.service\nrestart local.hearth.daemon.service\n');
});

test('it stops, starts and is removed', async () => {
  await service.install(await definition());
  await untilRunning();
  expect(await service.stop()).toBe(true);
  expect(await service.status()).toMatchObject({ manager: 'systemd', installed: true, processId: null, advice: null });
  expect(await service.stop()).toBe(false);
  await service.start();
  await untilRunning();
  expect(await service.uninstall()).toBe(true);
  expect(await service.status()).toMatchObject({ installed: false, loaded: false, processId: null });
  expect(await service.uninstall()).toBe(false);
});

test('a program that fails is told with where it said why', async () => {
  await service.install(await definition('exit 3'));
  const { advice } = await until(({ lastExitCode }) => lastExitCode === 3);
  expect(advice).toBe(`It ended with exit code 3. See ${join(home, 'output.log')} for the reason.`);
});

test('a program that has gone is told by its name', async () => {
  const installed = await definition();
  await service.install(installed);
  await untilRunning();
  await service.stop();
  await rm(installed.command[0]);
  expect((await service.status()).advice).toBe(
    `The program ${installed.command[0]} is gone. Run \`hearth install\` again.`,
  );
});

test('a login without systemd of its own is told, and nothing is written', async () => {
  await writeFile(join(state, 'no-bus'), '');
  await expect(service.install(await definition())).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.stringContaining('Failed to connect to bus'),
    hint: expect.stringContaining('hearth serve'),
  });
  expect(service.isInstalled()).toBe(false);
});
