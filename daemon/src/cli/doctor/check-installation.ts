import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { findDefaultModel } from '../../models/find-default-model.ts';
import type { HomePaths } from '../../settings/home-paths.ts';
import { readFreeBytes } from '../../settings/read-free-bytes.ts';
import { readSettings } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { installedService, serviceDefinition } from '../service/hearth-service.ts';
import { type Finding, ok } from './finding.ts';

export function checkNode(): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return ok(`${node}, ${process.execPath}`);
  return { state: 'wrong', found: `${node}, which is too old`, advice: 'Run `npm run setup`.' };
}

export function checkHome({ home }: HomePaths): Finding {
  if (!existsSync(home)) return ok(`${home}, which the daemon will create`);
  accessSync(home, constants.W_OK);
  const mode = statSync(home).mode & 0o777;
  if ((mode & 0o077) === 0) return ok(home);
  const advice = `Close it with \`chmod 700 '${home}'\`.`;
  return { state: 'warning', found: `${home} is open to other users`, advice };
}

export function checkSettings({ settingsFile }: HomePaths): Finding {
  readSettings(settingsFile);
  return ok(existsSync(settingsFile) ? settingsFile : 'the defaults');
}

export async function checkModel({ settingsFile, modelsFolder }: HomePaths): Promise<Finding> {
  const { model } = settingsOrDefaults(settingsFile);
  const { name, folder } = await findDefaultModel({ name: model, downloadedModelsFolder: modelsFolder });
  return ok(`${name} in ${folder}`);
}

export async function checkDisk({ home, settingsFile }: HomePaths): Promise<Finding> {
  const freeBytes = await readFreeBytes(existsSync(home) ? home : '/');
  const found = `${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes > settingsOrDefaults(settingsFile).minFreeDiskBytes) return ok(found);
  const advice = 'Free some disk space, or lower `minFreeDiskBytes`. Until then recordings are refused.';
  return { state: 'wrong', found, advice };
}

export async function checkService(): Promise<Finding> {
  const service = installedService();
  if (service === null) return ok('none; `hearth install` starts Hearth at every login');
  const { manager, name, advice } = await service.status();
  return { state: advice === null ? 'ok' : 'wrong', found: `${manager}, ${name}`, advice };
}

/** The environment that engines inherit: a service has its own. */
export function engineEnvironment(): Readonly<Record<string, string | undefined>> {
  return installedService() === null ? process.env : serviceDefinition().environment;
}

/** Wrong settings are found by their own check. */
export function settingsOrDefaults(settingsFile: string): Settings {
  try {
    return readSettings(settingsFile);
  } catch {
    return readSettings('/nowhere', {});
  }
}
