import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/** Where everything that Hearth keeps lies. */
export interface HomePaths {
  readonly home: string;
  readonly socket: string;
  /** Locked by the one daemon of the home for as long as it lives. */
  readonly lockFile: string;
  /** Whose lock it is, for people. */
  readonly processIdFile: string;
  readonly settingsFile: string;
  /** Uploads of jobs that are not finished. */
  readonly spoolFolder: string;
  /** Uploads whose jobs a damaged disk has lost. */
  readonly lostRecordingsFolder: string;
  readonly jobsFile: string;
  /** Where version 0.1 wrote what it promised. */
  readonly journalFile: string;
  readonly historyFile: string;
  /** What the engine makes on the way, such as converted recordings. */
  readonly temporaryFolder: string;
  readonly logFile: string;
  /** What the daemon writes before its log is open, and what ends it. */
  readonly outputFile: string;
  readonly modelsFolder: string;
}

/**
 * `HEARTH_HOME`, else Application Support on macOS and the XDG state folder elsewhere: from HOME alone.
 * @throws `SETTINGS_INVALID` when `HEARTH_HOME` is not absolute, since the daemon works in another folder than its client
 */
export function homePaths(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): HomePaths {
  const home = environment['HEARTH_HOME'] || defaultHome(environment, platform);
  if (!isAbsolute(home)) {
    throw new HearthError('SETTINGS_INVALID', `Expected HEARTH_HOME to be an absolute path, got ${home}.`);
  }
  return {
    home,
    socket: join(home, 'hearth.sock'),
    lockFile: join(home, 'daemon.lock'),
    processIdFile: join(home, 'daemon.pid'),
    settingsFile: join(home, 'settings.json'),
    spoolFolder: join(home, 'spool'),
    lostRecordingsFolder: join(home, 'lost-recordings'),
    jobsFile: join(home, 'jobs.sqlite'),
    journalFile: join(home, 'journal.ndjson'),
    historyFile: join(home, 'history.sqlite'),
    temporaryFolder: join(home, 'temporary'),
    logFile: join(home, 'logs', 'hearth.log'),
    outputFile: join(home, 'logs', 'output.log'),
    modelsFolder: join(home, 'models'),
  };
}

function defaultHome(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const userHome = environment['HOME'] || homedir();
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Hearth');
  const stateHome = environment['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(stateHome) ? stateHome : join(userHome, '.local', 'state'), 'hearth');
}
