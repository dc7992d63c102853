import { fileURLToPath } from 'node:url';
import { toWireError } from '../protocol/wire-error.ts';
import { claimHome } from './life/claim-home.ts';
import type { Daemon } from './life/run-daemon.ts';
import { watchInstallation } from './life/watch-installation.ts';

/**
 * sysexits.h: a configuration error, which no restart cures, and failures that one may: it makes way for newer code.
 * launchd restarts after every code but 0, every 10 s and for ever.
 */
const isUnderLaunchd = process.env['HEARTH_SERVICE_MANAGER'] === 'launchd';
const exitCodes = { ok: 0, failed: 1, replaced: 75, badConfiguration: isUnderLaunchd ? 0 : 78 };

process.title = 'hearthd';
let daemon: Daemon | null = null;
let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void stop(exitCodes.ok));
try {
  daemon = await start();
  if (daemon === null) {
    process.stderr.write('Hearth is running already; nothing to do.\n');
    process.exit(exitCodes.ok);
  }
  // For whoever ran `hearth serve`; a service has no terminal.
  if (process.stderr.isTTY) process.stderr.write(`Listening on ${daemon.addresses.join(' and ')}. Ctrl-C stops it.\n`);
  // Whoever looks for why it did not start reads the last words.
  else if (isUnderLaunchd) process.stderr.write(`Listening on ${daemon.addresses.join(' and ')}.\n`);
  // A service manager runs what is there then.
  watchInstallation({ module: fileURLToPath(import.meta.url), onGone: () => void stop(exitCodes.replaced) });
} catch (error) {
  exitWith(error);
}

/** The rest of the code is loaded by the one process that gets the home: a hundred that start at once cost little. */
async function start(): Promise<Daemon | null> {
  const paths = await claimHome();
  if (paths === null) return null;
  const { runDaemon } = await import('./life/run-daemon.ts');
  return runDaemon({ paths, onHomeGone: (reason) => exitWith(reason) });
}

/** The second time it hurries the first. What is open during a start survives a kill, and so an exit at once. */
async function stop(exitCode: number): Promise<void> {
  if (daemon === null) process.exit(exitCode);
  if (stopping) return daemon.hurry();
  stopping = true;
  await daemon.stop().catch(exitWith);
  process.exit(exitCode);
}

function exitWith(thrown: unknown): never {
  const { code, message, hint } = toWireError(thrown);
  process.stderr.write(`${message} (${code})\n${hint}\n`);
  const lasting = [
    'SETTINGS_INVALID',
    'HOME_NOT_WRITABLE',
    'HOME_TOO_NEW',
    'SOCKET_PATH_TOO_LONG',
    'MODEL_NOT_FOUND',
  ].includes(code);
  process.exit(lasting ? exitCodes.badConfiguration : exitCodes.failed);
}
