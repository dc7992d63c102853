import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildLaunchAgent } from '../../../launchd/src/launch-agent.ts';
import { pathOf } from '../../engine/fork-engine.ts';

const serverModule = pathOf('daemon/dist/server/main.js');
const label = 'local.hearth.daemon';

/** A `hearth` where the extension looks for it, which starts the real daemon. */
export async function installHearthCommand(userHome: string, hearthHome: string): Promise<void> {
  const daemon = `HEARTH_HOME='${hearthHome}' HEARTH_DRAIN_SECONDS=0 '${process.execPath}' '${serverModule}' >/dev/null 2>&1 &`;
  await writeProgram(join(userHome, '.local', 'bin', 'hearth'), `[ "$*" = start ] || exit 64\n${daemon}`);
}

/** The LaunchAgent that `hearth install` writes, for the real daemon. Answers with programs to launch commands with. */
export async function installAgent(userHome: string, hearthHome: string): Promise<Record<string, string>> {
  const agent = join(userHome, 'Library', 'LaunchAgents', `${label}.plist`);
  await mkdir(dirname(agent), { recursive: true });
  await writeFile(
    agent,
    buildLaunchAgent(label, {
      command: [process.execPath, serverModule],
      environment: { HEARTH_HOME: hearthHome, HEARTH_DRAIN_SECONDS: '0' },
      workingFolder: hearthHome,
      outputFile: join(hearthHome, 'output.log'),
    }),
    { mode: 0o644 },
  );
  const launchctl = join(userHome, 'launchctl');
  const standIn = `exec '${process.execPath}' '${pathOf('test/stand-ins/launchctl.mjs')}' "$@"`;
  await writeProgram(launchctl, `export STAND_IN_LAUNCHD='${join(userHome, 'launchd')}'\n${standIn}`);
  return { '/bin/launchctl': launchctl };
}

/** A `sox` that hears a voice from the microphone, faster than it was spoken; its path. */
export async function installSox(request: {
  readonly userHome: string;
  readonly voice: string;
  readonly speed: number;
  /** Fails then, as a recorder does whose microphone is unplugged. */
  readonly breaksAfterSeconds?: number;
}): Promise<string> {
  const { userHome, voice, speed, breaksAfterSeconds = '' } = request;
  const path = join(userHome, 'sox');
  const standIn = `'${process.execPath}' '${pathOf('test/stand-ins/sox.mjs')}'`;
  await writeProgram(
    path,
    `export STAND_IN_BREAKS_AFTER=${breaksAfterSeconds}\nexec ${standIn} '${voice === 'none' ? voice : pathOf(voice)}' ${speed} "$@"`,
  );
  return path;
}

/** A recorder that does what a script says; its path. */
export async function installRecorder(userHome: string, script: string, mode?: number): Promise<string> {
  const path = join(userHome, 'recorder');
  await writeProgram(path, script, mode);
  return path;
}

async function writeProgram(path: string, script: string, mode = 0o755): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, mode);
}
