import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createLaunchdService } from './launchd-service.ts';
import type { Service } from './service.ts';
import { createSystemdService } from './systemd-service.ts';

export interface FindServiceRequest {
  /** Name of the service: `local.hearth.daemon`. */
  readonly label: string;
  readonly userHome: string;
  readonly userId: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Where the managers' programs lie when the PATH is short or missing. */
const systemFolders = ['/bin', '/usr/bin'];

/** Hearth as a service of the manager that this machine has, told by its program; null when it has none. */
export function findService({
  label,
  userHome,
  userId,
  environment = process.env,
}: FindServiceRequest): Service | null {
  const folders = [...(environment['PATH'] ?? '').split(delimiter), ...systemFolders].filter((each) => each !== '');
  const launchctl = findProgram('launchctl', folders);
  if (launchctl !== null) return createLaunchdService({ label, program: launchctl, userId, userHome });
  const systemctl = findProgram('systemctl', folders);
  if (systemctl === null) return null;
  const configurationFolder = environment['XDG_CONFIG_HOME'] || join(userHome, '.config');
  return createSystemdService({ label, program: systemctl, configurationFolder });
}

function findProgram(name: string, folders: readonly string[]): string | null {
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
