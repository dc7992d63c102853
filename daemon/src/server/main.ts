import { fileURLToPath } from 'node:url';
import { toWireError } from '../errors/wire-error.ts';
import { runDaemon } from './run-daemon.ts';
import { watchInstallation } from './watch-installation.ts';

/** sysexits.h: a configuration error, which no restart cures, and failures that one may: it makes way for newer code. */
const exitCodes = { ok: 0, failed: 1, replaced: 75, badConfiguration: 78 };

process.title = 'hearthd';
try {
  const daemon = await runDaemon();
  if (daemon === null) {
    process.stderr.write('Hearth is running already; nothing to do.\n');
    process.exit(exitCodes.ok);
  }
  let stopping = false;
  const stop = (exitCode: number): void => {
    if (stopping) {
      daemon.hurry();
      return;
    }
    stopping = true;
    daemon.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => exitWith(error),
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop(exitCodes.ok));
  // A service manager runs what is there then.
  watchInstallation({ module: fileURLToPath(import.meta.url), onGone: () => stop(exitCodes.replaced) });
} catch (error) {
  exitWith(error);
}

function exitWith(thrown: unknown): never {
  const { code, message, hint } = toWireError(thrown);
  process.stderr.write(`${message} (${code})\n${hint}\n`);
  const lasting = ['SETTINGS_INVALID', 'HOME_NOT_WRITABLE', 'SOCKET_PATH_TOO_LONG', 'MODEL_NOT_FOUND'].includes(code);
  process.exit(lasting ? exitCodes.badConfiguration : exitCodes.failed);
}
