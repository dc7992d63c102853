import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { findService, type Service } from '@hearth/launchd';
import { HearthError } from '../errors/hearth-error.ts';
import { homePaths } from '../settings/home-paths.ts';

const label = 'local.hearth.daemon';

/** Hearth as a service of this user, or null where no service manager is. Every other home than the default has its own. */
export function hearthService(): Service | null {
  const { home } = homePaths();
  const defaultHome = homePaths({ ...process.env, HEARTH_HOME: '' }).home;
  const suffix = home === defaultHome ? '' : `.${createHash('sha256').update(home).digest('hex').slice(0, 8)}`;
  return findService({
    label: label + suffix,
    userHome: process.env['HOME'] || homedir(),
    userId: process.getuid?.() ?? 0,
  });
}

/** @throws `SERVICE_UNAVAILABLE` */
export function requireHearthService(): Service {
  const service = hearthService();
  if (service !== null) return service;
  throw new HearthError('SERVICE_UNAVAILABLE', 'Neither launchd nor systemd is here.');
}
