import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findService } from '../../../launchd/src/find-service.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-find-'));
});

afterEach(() => rm(folder, { recursive: true }));

function find(environment: Record<string, string> = {}) {
  const request = { label: 'local.hearth.daemon', userHome: '/home/ada', userId: 501 };
  return findService({ ...request, environment: { PATH: folder, ...environment } });
}

test('a machine with launchctl has launchd', async () => {
  await writeFile(join(folder, 'launchctl'), '', { mode: 0o755 });
  expect(find()).toMatchObject({
    manager: 'launchd',
    name: 'local.hearth.daemon',
    definitionFile: '/home/ada/Library/LaunchAgents/local.hearth.daemon.plist',
  });
});

test('a machine with systemctl has systemd, whose units lie in the configuration folder', async () => {
  await writeFile(join(folder, 'systemctl'), '', { mode: 0o755 });
  const unit = 'systemd/user/local.hearth.daemon.service';
  expect(find()).toMatchObject({ manager: 'systemd', definitionFile: `/home/ada/.config/${unit}` });
  expect(find({ XDG_CONFIG_HOME: '/etc/ada' })?.definitionFile).toBe(`/etc/ada/${unit}`);
});
