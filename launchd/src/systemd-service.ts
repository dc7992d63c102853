import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { adviseOnExit } from './exit-advice.ts';
import { runProgram } from './run-program.ts';
import type { Service, ServiceStatus } from './service.ts';
import { serviceError } from './service-error.ts';
import { buildSystemdUnit } from './systemd-unit.ts';
import { readDefinition, writeDefinition } from './write-definition.ts';

export interface SystemdServiceRequest {
  readonly label: string;
  /** Path of `systemctl`. */
  readonly program: string;
  /** `$XDG_CONFIG_HOME`, or `~/.config`. */
  readonly configurationFolder: string;
}

const manager = 'systemd';
const properties = ['LoadState', 'ActiveState', 'MainPID', 'ExecMainCode', 'ExecMainStatus'];
/** `ExecMainCode` of a process that a signal ended (`CLD_KILLED`, `CLD_DUMPED`). */
const endedBySignal = ['2', '3'];

/** Hearth as a user unit of systemd: it starts at login and is restarted when it fails. */
export function createSystemdService({ label, program, configurationFolder }: SystemdServiceRequest): Service {
  const unit = `${label}.service`;
  const definitionFile = join(configurationFolder, 'systemd', 'user', unit);

  /** @throws `SERVICE_UNAVAILABLE` if this login has no systemd instance, `SERVICE_FAILED` */
  async function systemctl(...values: readonly string[]): Promise<string> {
    const { exitCode, stdout, complaint } = await runProgram(program, ['--user', ...values]);
    if (exitCode === 0) return stdout;
    const message = `Expected \`systemctl --user ${values[0]}\` to succeed, got exit code ${exitCode}: ${complaint}.`;
    if (/connect to (user scope )?bus|not been booted|No medium found|not available/i.test(complaint)) {
      throw serviceError(
        'SERVICE_UNAVAILABLE',
        message,
        'This login has no systemd instance. Run `hearth serve`, or let the first command start the daemon.',
      );
    }
    throw serviceError('SERVICE_FAILED', message, `\`systemctl --user status ${unit}\` shows more.`);
  }

  async function read(): Promise<ReadonlyMap<string, string>> {
    const lines = (await systemctl('show', unit, `--property=${properties.join(',')}`)).trim().split('\n');
    return new Map(lines.map((line) => line.split(/=(.*)/, 2) as [string, string]));
  }

  async function isLoaded(): Promise<boolean> {
    return ['active', 'activating', 'reloading', 'deactivating'].includes((await read()).get('ActiveState') ?? '');
  }

  return {
    manager,
    name: unit,
    definitionFile,
    isInstalled: () => existsSync(definitionFile),
    async requireAvailable() {
      await read();
    },
    async install(definition) {
      // Checked first, so that nothing is written if there is no systemd to read it.
      await read();
      writeDefinition(definitionFile, buildSystemdUnit(definition));
      await systemctl('daemon-reload');
      await systemctl('enable', unit);
      await systemctl('restart', unit);
    },
    async uninstall() {
      if (!existsSync(definitionFile)) return false;
      await systemctl('disable', '--now', unit);
      await rm(definitionFile, { force: true });
      await systemctl('daemon-reload');
      return true;
    },
    async start() {
      // After too many failures systemd refuses to start it until they are reset.
      await systemctl('reset-failed', unit).catch(() => undefined);
      await systemctl('start', unit);
    },
    async stop() {
      const wasLoaded = await isLoaded();
      await systemctl('stop', unit);
      return wasLoaded;
    },
    async restart() {
      await systemctl('restart', unit);
    },
    async status() {
      const values = await read().catch(() => new Map<string, string>());
      const processId = Number(values.get('MainPID') ?? 0) || null;
      const hasEnded = (values.get('ExecMainCode') ?? '0') !== '0';
      const wasKilled = endedBySignal.includes(values.get('ExecMainCode') ?? '');
      const exit = hasEnded ? Number(values.get('ExecMainStatus')) : null;
      const lastExitCode = wasKilled ? null : exit;
      const lastSignal = wasKilled ? `signal ${exit}` : null;
      return {
        ...{ manager, name: unit, installed: existsSync(definitionFile) },
        loaded: values.get('LoadState') === 'loaded' && values.get('ActiveState') !== 'inactive',
        ...{ processId, lastExitCode, lastSignal },
        advice: adviseOnExit({ lastExitCode, lastSignal, ...readUnit(definitionFile) }),
      } satisfies ServiceStatus;
    },
  };
}

/** The program and the output file of the installed unit. */
function readUnit(definitionFile: string): { program: string | null; outputFile: string | null } {
  const unit = (readDefinition(definitionFile) ?? '').replaceAll('%%', '%');
  return {
    program: /^ExecStart="((?:[^"\\]|\\.)*)"/m.exec(unit)?.[1]?.replaceAll('$$', '$').replace(/\\(.)/g, '$1') ?? null,
    outputFile: /^StandardError=append:(.*)$/m.exec(unit)?.[1] ?? null,
  };
}
