import { fileURLToPath } from 'node:url';
import { toWireError } from '../errors/wire-error.ts';
import { runDaemon } from './run-daemon.ts';
import { watchInstallation } from './watch-installation.ts';

/** sysexits.h: a configuration error, which no restart cures, and failures that one may: it makes way for newer code. */
const exitCodes = { ok: 0, failed: 1, replaced: 75, badConfiguration: 78 };

process.title = 'hearthd';
let stopping = false;
// Before anything else: a daemon that is asked to stop while it starts ends in good order as well.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => void stop(exitCodes.ok));
const starting = runDaemon();
try {
  const daemon = await starting;
  if (daemon === null) {
    process.stderr.write('Hearth is running already; nothing to do.\n');
    process.exit(exitCodes.ok);
  }
  // A service manager runs what is there then.
  watchInstallation({ module: fileURLToPath(import.meta.url), onGone: () => void stop(exitCodes.replaced) });
} catch (error) {
  exitWith(error);
}

/** The second time it hurries the first. A daemon that never came up is the start's to report. */
async function stop(exitCode: number): Promise<void> {
  const hurry = stopping;
  stopping = true;
  const daemon = await starting.catch(() => null);
  if (daemon === null) return;
  if (hurry) return daemon.hurry();
  await daemon.stop().catch(exitWith);
  process.exit(exitCode);
}

function exitWith(thrown: unknown): never {
  const { code, message, hint } = toWireError(thrown);
  process.stderr.write(`${message} (${code})\n${hint}\n`);
  const lasting = ['SETTINGS_INVALID', 'HOME_NOT_WRITABLE', 'SOCKET_PATH_TOO_LONG', 'MODEL_NOT_FOUND'].includes(code);
  process.exit(lasting ? exitCodes.badConfiguration : exitCodes.failed);
}
