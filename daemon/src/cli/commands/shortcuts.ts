import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { homePaths } from '../../settings/home-paths.ts';
import { installShortcuts } from '../../shortcuts/install-shortcuts.ts';
import { launcherPath } from '../installation.ts';
import { requireMacProgram } from '../require-mac-program.ts';
import { log, printText } from '../terminal/print.ts';

const nextSteps = `Two steps remain, once:
  1. In each window that has opened, click "Add Shortcut".
  2. In Shortcuts > Settings > Advanced, turn on "Allow Running Scripts".`;

/** `hearth shortcuts install`. */
export function define(shortcuts: Command): void {
  shortcuts
    .description('Adds Hearth to the Shortcuts app of macOS.')
    .command('install')
    .summary('create, sign and open the shortcuts')
    .description(
      'Creates the shortcuts "Transcribe Audio", "Transcribe to Subtitles" and "Dictate to Clipboard", signs and opens them.',
    )
    .option('-o, --output <folder>', 'Folder for the files. (default: shortcuts/ in the home of Hearth)')
    .option('--no-open', 'Do not open the files.')
    .action(install);
}

async function install({ output, open }: { readonly output?: string; readonly open: boolean }): Promise<void> {
  const shortcutsProgram = requireMacProgram('shortcuts', '/usr/bin');
  const files = await installShortcuts({
    launcher: launcherPath(),
    folder: output === undefined ? join(homePaths().home, 'shortcuts') : resolve(output),
    shortcutsProgram,
    openProgram: open ? requireMacProgram('open', '/usr/bin') : null,
  });
  for (const file of files) printText(`${file}\n`);
  log(open ? nextSteps : 'Open each file to add it to Shortcuts.');
}
