import { build } from 'plist';
import type { ServiceDefinition } from './service.ts';

/** Seconds that launchd waits after SIGTERM; more than the daemon's `drainSeconds` and the end of the engine take. */
export const exitTimeOutSeconds = 20;

/** The property list of a LaunchAgent, as launchd.plist(5) describes it. */
export function buildLaunchAgent(label: string, definition: ServiceDefinition): string {
  const { command, environment, workingFolder, outputFile } = definition;
  return `${build({
    Label: label,
    ProgramArguments: [...command],
    // launchd restarts it after every failure, so the daemon ends with 0 if a restart would not help.
    EnvironmentVariables: { ...environment, HEARTH_SERVICE_MANAGER: 'launchd' },
    WorkingDirectory: workingFolder,
    StandardOutPath: outputFile,
    StandardErrorPath: outputFile,
    RunAtLoad: true,
    // Exit code 0 is a normal end, such as that of a second daemon that finds the first.
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: exitTimeOutSeconds,
    // `Background` would slow the GPU to an eighth of its speed.
    ProcessType: 'Interactive',
    // The GPU belongs to the session at the screen.
    LimitLoadToSessionType: 'Aqua',
    // 077: launchd reads decimal numbers only.
    Umask: 0o077,
    SoftResourceLimits: { NumberOfFiles: 4096 },
  })}\n`;
}
