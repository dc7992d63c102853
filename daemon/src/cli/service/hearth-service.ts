import { createHash } from 'node:crypto';
import { chmodSync, closeSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { findService, type Service, type ServiceDefinition } from '@hearth/launchd';
import { HearthError } from '../../errors/hearth-error.ts';
import { writeError } from '../../errors/write-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { makeFolders } from '../../settings/make-folders.ts';
import { openEmptyOutput } from '../../settings/open-output.ts';
import { daemonLocation } from '../daemon-location.ts';
import { stablePath } from '../installation.ts';

const label = 'local.hearth.daemon';

/** The PATH of a service is short, and ffmpeg is where package managers install it. */
const searchPath = '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** Hearth as a service of this user; null without a service manager. Each home other than the default has its own service. */
function hearthService(): Service | null {
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
  throw new HearthError('SERVICE_UNAVAILABLE', 'Neither launchd nor systemd was found.');
}

/** The service, if it is installed. */
export function installedService(): Service | null {
  const service = hearthService();
  return service?.isInstalled() === true ? service : null;
}

/** How a service manager runs this installation's daemon for this home. */
export function serviceDefinition(): ServiceDefinition {
  const { home, outputFile } = homePaths();
  const { NODE_COMPILE_CACHE: compileCache, HEARTH_FFMPEG: ffmpeg } = process.env;
  return {
    // The Node that runs this is the one that Hearth brings along, at a path of its own.
    command: [
      stablePath(process.execPath),
      '--disable-warning=ExperimentalWarning',
      stablePath(daemonLocation().serverModule),
    ],
    environment: {
      PATH: searchPath,
      HEARTH_HOME: home,
      ...networkVariables(),
      ...(ffmpeg === undefined ? {} : { HEARTH_FFMPEG: ffmpeg }),
      ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: stablePath(compileCache) }),
    },
    workingFolder: home,
    outputFile,
  };
}

const proxyVariables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
const certificateVariables = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'];

/** How this shell reaches the network. A definition can be read by others, so no proxy with a password gets into it. */
function networkVariables(): Readonly<Record<string, string>> {
  const given = (names: readonly string[]) =>
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value] as const] : [];
    });
  const withheld = withheldProxies();
  return Object.fromEntries([
    ...given([...proxyVariables, 'NO_PROXY', 'no_proxy']).filter(([name]) => !withheld.includes(name)),
    // A service is started elsewhere.
    ...given(certificateVariables).map(([name, path]) => [name, resolve(path)]),
  ]);
}

/** The variables of this shell with a proxy that a service does not get. */
export function withheldProxies(): readonly string[] {
  return proxyVariables.filter((name) => process.env[name]?.includes('@'));
}

/** Creates what a service manager needs before it runs the daemon, and empties the daemon's last output. @throws `HOME_NOT_WRITABLE` */
export function prepareServiceHome(): void {
  const { home, outputFile } = homePaths();
  try {
    if (makeFolders(home, 0o700).length > 0) chmodSync(home, 0o700);
    makeFolders(dirname(outputFile), 0o700);
    closeSync(openEmptyOutput(outputFile));
  } catch (cause) {
    throw writeError(outputFile, cause, { code: 'HOME_NOT_WRITABLE' });
  }
}
