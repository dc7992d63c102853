import { join } from 'node:path';
import { findProgram } from './find-program.ts';
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

/** Where the programs of the managers are if the PATH is short or missing. */
const systemFolders = ['/bin', '/usr/bin'];

/** Hearth as a service of this machine's service manager, which is recognised by its program; null if there is none. */
export function findService({
  label,
  userHome,
  userId,
  environment = process.env,
}: FindServiceRequest): Service | null {
  const find = (name: string) => findProgram({ name, searchPath: environment['PATH'], otherFolders: systemFolders });
  const launchctl = find('launchctl');
  if (launchctl !== null) return createLaunchdService({ label, program: launchctl, userId, userHome });
  const systemctl = find('systemctl');
  if (systemctl === null) return null;
  const configurationFolder = environment['XDG_CONFIG_HOME'] || join(userHome, '.config');
  return createSystemdService({ label, program: systemctl, configurationFolder });
}
