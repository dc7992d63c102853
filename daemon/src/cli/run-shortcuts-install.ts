import { join, resolve } from 'node:path';
import { homePaths } from '../settings/home-paths.ts';
import { installShortcuts } from '../shortcuts/install-shortcuts.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { launcherPath } from './launcher-path.ts';
import { requireMacProgram } from './require-mac-program.ts';
import { printText, say } from './terminal/print.ts';

const nextSteps = `Two steps are left to you, once:
  1. In each window that has opened, click "Add Shortcut".
  2. In Shortcuts > Settings > Advanced, turn on "Allow Running Scripts".`;

/** `hearth shortcuts install`. */
export async function runShortcutsInstall({ output, open }: { output?: string; open: boolean }): Promise<ExitCode> {
  const shortcutsProgram = requireMacProgram('shortcuts', '/usr/bin');
  const files = await installShortcuts({
    launcher: launcherPath(),
    folder: output === undefined ? join(homePaths().home, 'shortcuts') : resolve(output),
    shortcutsProgram,
    openProgram: open ? requireMacProgram('open', '/usr/bin') : null,
  });
  for (const file of files) printText(`${file}\n`);
  say(open ? nextSteps : 'Open each to add it to Shortcuts.');
  return exitCodes.ok;
}
