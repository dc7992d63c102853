import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { isUnexpected, toWireError } from '../protocol/wire-error.ts';
import { isSettingsFileAway } from '../settings/settings-file-away.ts';
import { type ClaimedHome, claimHome } from './life/claim-home.ts';
import type { Daemon } from './life/run-daemon.ts';
import { watchInstallation } from './life/watch-installation.ts';

/**
 * sysexits.h: a configuration error, which a restart does not fix, and a failure, which it may: newer code takes over.
 * launchd restarts after every code except 0, every 10 s, forever.
 */
const isUnderLaunchd = process.env['HEARTH_SERVICE_MANAGER'] === 'launchd';
const exitCodes = { ok: 0, failed: 1, replaced: 75, badConfiguration: isUnderLaunchd ? 0 : 78 };

process.title = 'hearthd';
// Each call on a disk that does not answer takes one of these threads. Node reads it when the first file is opened.
process.env['UV_THREADPOOL_SIZE'] ??= '16';
let home: ClaimedHome | null = null;
let daemon: Daemon | null = null;
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void stop(exitCodes.ok));
try {
  daemon = await start();
  if (daemon === null) {
    process.stderr.write('Hearth is running already; nothing to do.\n');
    process.exit(exitCodes.ok);
  }
  // For people who run `hearth serve`; a service has no terminal.
  if (process.stderr.isTTY) process.stderr.write(`Listening on ${daemon.addresses.join(' and ')}. Ctrl-C stops it.\n`);
  // People who look for the reason read the last line.
  else if (isUnderLaunchd) process.stderr.write(`Listening on ${daemon.addresses.join(' and ')}.\n`);
  // A service manager then runs the code that is there.
  watchInstallation({ module: fileURLToPath(import.meta.url), onGone: () => void stop(exitCodes.replaced) });
} catch (error) {
  exitWith(error);
}

/** Only the process that gets the home loads the rest of the code, so a hundred simultaneous starts cost little. */
async function start(): Promise<Daemon | null> {
  home = await claimHome();
  if (home === null) return null;
  const { runDaemon } = await import('./life/run-daemon.ts');
  const started = await runDaemon({
    ...home,
    onHomeGone: (reason) => exitWith(reason),
    onUnreachable: () => void stop(exitCodes.replaced),
  });
  home.lock.giveSigns(false);
  return started;
}

/** The second signal hurries the first. What a start has open survives a kill, so it also survives an immediate exit. */
async function stop(exitCode: number): Promise<void> {
  if (daemon === null) process.exit(exitCode);
  if (stopping) return daemon.hurry();
  stopping = true;
  home?.lock.giveSigns(true);
  await daemon.stop().catch(exitWith);
  endProcess(exitCode);
}

function exitWith(thrown: unknown): never {
  if (isUnexpected(thrown)) process.stderr.write(`${inspect(thrown)}\n`);
  const { code, message, hint } = toWireError(thrown);
  process.stderr.write(`${message} (${code})\n${hint}\n`);
  const lasting =
    ['SETTINGS_INVALID', 'HOME_NOT_WRITABLE', 'HOME_TOO_NEW', 'SOCKET_PATH_TOO_LONG', 'MODEL_NOT_FOUND'].includes(
      code,
    ) && !isSettingsFileAway(thrown);
  endProcess(lasting ? exitCodes.badConfiguration : exitCodes.failed);
}

/** `process.exit` waits for every thread, and so for as long as a disk is away on which a file is being looked for. */
function endProcess(exitCode: number): never {
  const isFileOpen = process.getActiveResourcesInfo().some((name) => name.startsWith('FSReq'));
  if (isFileOpen) process.execve?.('/bin/sh', ['sh', '-c', `exit ${exitCode}`], {});
  process.exit(exitCode);
}
