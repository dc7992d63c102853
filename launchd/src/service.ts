/** What a service manager keeps running. All paths are absolute, since it runs in `/`. */
export interface ServiceDefinition {
  /** Program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** Receives the output of the program; its own log is elsewhere. */
  readonly outputFile: string;
}

export interface ServiceStatus {
  readonly manager: 'launchd' | 'systemd';
  readonly name: string;
  /** Whether it starts at the next login. */
  readonly installed: boolean;
  /** Whether the manager has loaded it. */
  readonly loaded: boolean;
  readonly processId: number | null;
  /** Of the previous run. */
  readonly lastExitCode: number | null;
  readonly lastSignal: string | null;
  /** Why it ended last time and what to do, for people, whether or not it runs again; null if there is no problem. */
  readonly advice: string | null;
}

/** Hearth as a service of this user, for every manager. */
export interface Service {
  readonly manager: ServiceStatus['manager'];
  readonly name: string;
  /** The file that makes it start at each login. */
  readonly definitionFile: string;
  /** Whether the definition exists; does not ask the manager. */
  isInstalled(): boolean;
  /** Checks that the manager can be used now. @throws `SERVICE_UNAVAILABLE` */
  requireAvailable(): Promise<void>;
  /** Writes the definition, replacing an older one, and starts it. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  install(definition: ServiceDefinition): Promise<void>;
  /** Stops it and removes the definition; false if there was none. @throws `SERVICE_FAILED` */
  uninstall(): Promise<boolean>;
  /** Starts it now. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  start(): Promise<void>;
  /** Stops it until it is started or its user logs in again; false if it was not loaded. @throws `SERVICE_FAILED` */
  stop(): Promise<boolean>;
  /** Stops it and starts it with the current code. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  restart(): Promise<void>;
  status(): Promise<ServiceStatus>;
}
