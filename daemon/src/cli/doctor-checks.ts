import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { readHealth } from '../client/health.ts';
import { toWireError } from '../errors/wire-error.ts';
import type { Health } from '../messages/health.ts';
import { findDefaultModel } from '../models/find-default-model.ts';
import { type HomePaths, homePaths } from '../settings/home-paths.ts';
import { type LockHolder, readLockHolder } from '../settings/lock-holder.ts';
import { readSettings } from '../settings/read-settings.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { checkConverter } from './check-converter.ts';
import { hearthService } from './hearth-service.ts';
import { ownVersion } from './own-version.ts';
import { serviceDefinition } from './service-definition.ts';

/** What one look at one part brought. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly part: string;
  readonly found: string;
  readonly advice: string | null;
}

type Check = () => Promise<Omit<Finding, 'part'>> | Omit<Finding, 'part'>;

/** Looks at every part, whatever the others bring. */
export async function checkEverything({ socketPath }: { readonly socketPath: string }): Promise<readonly Finding[]> {
  const checks: readonly (readonly [string, Check])[] = [
    ['Node', checkNode],
    ['Home', () => checkHome(homePaths())],
    ['Settings', () => checkSettings(homePaths())],
    ['Model', () => checkModel(homePaths())],
    ['Disk', () => checkDisk(homePaths())],
    ['Converter', () => checkConverter({ environment: engineEnvironment() })],
    ['Service', checkService],
    ['Daemon', () => checkDaemon(socketPath)],
    ['Network', () => checkNetwork(homePaths(), socketPath)],
    ['Engine', () => checkEngine(socketPath)],
  ];
  return Promise.all(checks.map(([part, check]) => look(part, check)));
}

async function look(part: string, check: Check): Promise<Finding> {
  try {
    return { part, ...(await check()) };
  } catch (error) {
    const { message, hint } = toWireError(error);
    return { part, state: 'wrong', found: message, advice: hint };
  }
}

function ok(found: string): Omit<Finding, 'part'> {
  return { state: 'ok', found, advice: null };
}

function checkNode(): Omit<Finding, 'part'> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 13)) return ok(process.versions.node);
  return { state: 'wrong', found: `${process.versions.node}, which is too old`, advice: 'Run `npm run setup`.' };
}

function checkHome({ home }: HomePaths): Omit<Finding, 'part'> {
  if (!existsSync(home)) return ok(`${home}, which the first daemon makes`);
  accessSync(home, constants.W_OK);
  const mode = statSync(home).mode & 0o777;
  if ((mode & 0o077) === 0) return ok(home);
  return {
    state: 'warning',
    found: `${home} is open to other users`,
    advice: `Close it with \`chmod 700 '${home}'\`.`,
  };
}

function checkSettings({ settingsFile }: HomePaths): Omit<Finding, 'part'> {
  readSettings(settingsFile);
  return ok(existsSync(settingsFile) ? settingsFile : 'the defaults');
}

async function checkModel({ settingsFile, modelsFolder }: HomePaths): Promise<Omit<Finding, 'part'>> {
  const { model } = settingsOr(settingsFile);
  const { name, folder } = await findDefaultModel({ name: model, downloadedModelsFolder: modelsFolder });
  return ok(`${name} in ${folder}`);
}

function settingsOr(settingsFile: string): Settings {
  try {
    return readSettings(settingsFile);
  } catch {
    return readSettings('/nowhere', {});
  }
}

function checkDisk({ home, settingsFile }: HomePaths): Omit<Finding, 'part'> {
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : '/');
  const free = bavail * bsize;
  const found = `${(free / 1e9).toFixed(1)} GB free`;
  if (free > settingsOr(settingsFile).minFreeDiskBytes) return ok(found);
  return { state: 'wrong', found, advice: 'Free some space, or lower `minFreeDiskBytes`: recordings are refused.' };
}

/** A service has an environment of its own, and so have its engines. */
function engineEnvironment(): Readonly<Record<string, string | undefined>> {
  return hearthService()?.isInstalled() === true ? serviceDefinition().environment : process.env;
}

async function checkService(): Promise<Omit<Finding, 'part'>> {
  const service = hearthService();
  if (service?.isInstalled() !== true) return ok('none; `hearth install` runs Hearth at every login');
  const { manager, name, advice } = await service.status();
  return advice === null ? ok(`${manager}, ${name}`) : { state: 'wrong', found: `${manager}, ${name}`, advice };
}

async function checkDaemon(socketPath: string): Promise<Omit<Finding, 'part'>> {
  const health = await healthOrNull(socketPath);
  if (health === null) {
    const holder = readLockHolder(homePaths());
    if (holder !== null) return silentHolder(holder);
    return { state: 'warning', found: 'none runs', advice: 'The next recording starts one, as does `hearth start`.' };
  }
  const own = ownVersion();
  if (health.version !== own) {
    return { state: 'warning', found: `${health.version} runs, ${own} is installed`, advice: 'Run `hearth restart`.' };
  }
  const found = `${health.version}, pid ${health.processId}`;
  if (health.problems.length > 0) {
    const messages = health.problems.map(({ message }) => message).join(' ');
    return { state: 'wrong', found: messages, advice: health.problems.map(({ hint }) => hint).join(' ') };
  }
  if (health.warnings.length === 0) return ok(found);
  return { state: 'warning', found, advice: health.warnings.join(' ') };
}

/** A daemon that starts, stops or hangs. */
function silentHolder({ processId }: LockHolder): Omit<Finding, 'part'> {
  const found = processId === null ? 'one has the home' : `process ${processId} has the home`;
  const advice = processId === null ? null : `Wait for it, or end it with \`kill -9 ${processId}\`.`;
  return { state: 'wrong', found: `${found} and does not answer`, advice };
}

async function checkNetwork({ settingsFile }: HomePaths, socketPath: string): Promise<Omit<Finding, 'part'>> {
  const { listen: wanted } = settingsOr(settingsFile);
  const health = await healthOrNull(socketPath);
  if (health === null) return ok(wanted === '' ? 'not listened on' : `${wanted}, once a daemon runs`);
  const { listen: found } = health;
  if (found !== null || wanted === '') return ok(found ?? 'not listened on');
  const advice = 'Check that no other program uses the address, then run `hearth restart`.';
  return { state: 'warning', found: `${wanted} is set, and not listened on`, advice };
}

async function checkEngine(socketPath: string): Promise<Omit<Finding, 'part'>> {
  const health = await healthOrNull(socketPath);
  if (health === null) return { state: 'warning', found: 'unknown, since no daemon runs', advice: null };
  const { status, model, restarts, lastError } = health.engine;
  if (lastError !== null) {
    const found = `${status}: ${lastError.message}`;
    return { state: status === 'failed' ? 'wrong' : 'warning', found, advice: lastError.hint };
  }
  const restarted = restarts === 0 ? '' : `, restarted ${restarts} times; \`hearth logs\` tells why`;
  return ok(`${status}${model === null ? '' : `, ${model}`}${restarted}`);
}

async function healthOrNull(socketPath: string): Promise<Health | null> {
  return readHealth({ socketPath }).catch((error: { code?: string }) => {
    if (error.code === 'DAEMON_UNREACHABLE') return null;
    throw error;
  });
}
