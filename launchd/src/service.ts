/** What a service manager keeps running. All paths are absolute, since it knows no other folder than `/`. */
export interface ServiceDefinition {
  /** Program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  readonly workingFolder: string;
  /** Takes what the program writes; its own log is elsewhere. */
  readonly outputFile: string;
}

export interface ServiceStatus {
  readonly manager: 'launchd' | 'systemd';
  readonly name: string;
  /** Whether it comes back at the next login. */
  readonly installed: boolean;
  /** Whether the manager looks after it now. */
  readonly loaded: boolean;
  readonly processId: number | null;
  /** Of the run before this one. */
  readonly lastExitCode: number | null;
  readonly lastSignal: string | null;
  /** Why it ended the last time and what to do, for people, whether it runs again or not; null when all is well. */
  readonly advice: string | null;
}

/** Hearth as a service of this user; what every manager can do. */
export interface Service {
  readonly manager: ServiceStatus['manager'];
  readonly name: string;
  /** The file that makes it come back at each login. */
  readonly definitionFile: string;
  /** Whether the definition is there; asks nobody. */
  isInstalled(): boolean;
  /** Asks whether the manager can do anything here and now. @throws `SERVICE_UNAVAILABLE` */
  requireAvailable(): Promise<void>;
  /** Writes the definition and runs it, in the place of an older one. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  install(definition: ServiceDefinition): Promise<void>;
  /** Ends it and removes the definition; false when there was none. @throws `SERVICE_FAILED` */
  uninstall(): Promise<boolean>;
  /** Runs it now. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  start(): Promise<void>;
  /** Ends it until it is started or its user logs in again; false when it was not there. @throws `SERVICE_FAILED` */
  stop(): Promise<boolean>;
  /** Ends it and runs it on the code that is there now. @throws `SERVICE_UNAVAILABLE`, `SERVICE_FAILED` */
  restart(): Promise<void>;
  status(): Promise<ServiceStatus>;
}
