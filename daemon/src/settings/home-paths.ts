import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { HearthError } from '../errors/hearth-error.ts';

/** Paths of everything that Hearth stores. */
export interface HomePaths {
  readonly home: string;
  readonly socket: string;
  /** For clients of node-ipc, if the settings want it. */
  readonly nodeIpcSocket: string;
  /** Locked by the home's daemon as long as it lives. */
  readonly lockFile: string;
  /** Locked, too: who deletes locks of programs that seem to be gone takes no database for one. */
  readonly ownerFile: string;
  /** The process that has the lock, for people to read. */
  readonly processIdFile: string;
  readonly settingsFile: string;
  /** Empty: there has been a settings file. */
  readonly hadSettingsFile: string;
  /** Uploads of unfinished jobs. */
  readonly spoolFolder: string;
  /** Uploads whose jobs were lost, or failed through no fault of theirs. */
  readonly lostRecordingsFolder: string;
  readonly jobsFile: string;
  /** Version 0.1's journal of accepted jobs. */
  readonly journalFile: string;
  readonly historyFile: string;
  /** What people say and what is written for it. */
  readonly wordsFile: string;
  /** Watched folders, and what became of their recordings. */
  readonly watchFile: string;
  /** How models are best computed on this machine, as the engine has measured. */
  readonly choicesFile: string;
  /** Temporary files of the engine, such as converted recordings. */
  readonly temporaryFolder: string;
  readonly logFile: string;
  /** The daemon's output before its log is open, and the reason it ended. */
  readonly outputFile: string;
  readonly modelsFolder: string;
  /** Kernels that MLX compiled for an NVIDIA GPU. Compiling them all takes minutes. */
  readonly kernelsFolder: string;
}

/**
 * `HEARTH_HOME`, or Application Support on macOS and the XDG state folder elsewhere. Only depends on HOME.
 * @throws `SETTINGS_INVALID` if `HEARTH_HOME` is not absolute: the daemon's working directory is not the client's
 */
export function homePaths(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): HomePaths {
  const home = environment['HEARTH_HOME'] || defaultHome(environment, platform);
  if (!isAbsolute(home)) {
    throw new HearthError('SETTINGS_INVALID', `Expected HEARTH_HOME to be an absolute path, got ${home}.`);
  }
  return {
    home,
    socket: join(home, 'hearth.sock'),
    nodeIpcSocket: join(home, 'hearth.node-ipc.sock'),
    lockFile: join(home, 'daemon.lock'),
    ownerFile: join(home, 'owner.sqlite'),
    processIdFile: join(home, 'daemon.pid'),
    settingsFile: join(home, 'settings.json'),
    hadSettingsFile: join(home, 'had-settings'),
    spoolFolder: join(home, 'spool'),
    lostRecordingsFolder: join(home, 'lost-recordings'),
    jobsFile: join(home, 'jobs.sqlite'),
    journalFile: join(home, 'journal.ndjson'),
    historyFile: join(home, 'history.sqlite'),
    wordsFile: join(home, 'words.json'),
    watchFile: join(home, 'watch.sqlite'),
    choicesFile: join(home, 'choices.json'),
    temporaryFolder: join(home, 'temporary'),
    logFile: join(home, 'logs', 'hearth.log'),
    outputFile: join(home, 'logs', 'output.log'),
    modelsFolder: join(home, 'models'),
    kernelsFolder: join(home, 'kernels'),
  };
}

function defaultHome(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const userHome = environment['HOME'] || homedir();
  if (platform === 'darwin') return join(userHome, 'Library', 'Application Support', 'Hearth');
  const stateHome = environment['XDG_STATE_HOME'] ?? '';
  return join(isAbsolute(stateHome) ? stateHome : join(userHome, '.local', 'state'), 'hearth');
}
