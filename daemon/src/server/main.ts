import { toWireError } from '../errors/wire-error.ts';
import { runDaemon } from './run-daemon.ts';

/** sysexits.h: a configuration error, which no restart cures, and a failure that one may. */
const exitCodes = { ok: 0, failed: 1, badConfiguration: 78 };

process.title = 'hearthd';
try {
  const daemon = await runDaemon();
  if (daemon === null) {
    process.stderr.write('Hearth is running already; nothing to do.\n');
    process.exit(exitCodes.ok);
  }
  let stopping = false;
  const stop = (): void => {
    if (stopping) {
      daemon.hurry();
      return;
    }
    stopping = true;
    daemon.stop().then(
      () => process.exit(exitCodes.ok),
      (error: unknown) => exitWith(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);
} catch (error) {
  exitWith(error);
}

function exitWith(thrown: unknown): never {
  const { code, message, hint } = toWireError(thrown);
  process.stderr.write(`${message} (${code})\n${hint}\n`);
  const lasting = ['SETTINGS_INVALID', 'HOME_NOT_WRITABLE', 'SOCKET_PATH_TOO_LONG', 'MODEL_NOT_FOUND'].includes(code);
  process.exit(lasting ? exitCodes.badConfiguration : exitCodes.failed);
}
