import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { installFinderServices, uninstallFinderServices } from '../../finder/finder-services.ts';
import { launcherPath } from '../installation.ts';
import { requireMacProgram } from '../require-mac-program.ts';
import { log, printText } from '../terminal/print.ts';

/** `hearth finder install` and `uninstall`. */
export function define(finder: Command): void {
  finder.description("Adds Hearth to Finder's Quick Actions, or removes it.");
  finder
    .command('install')
    .summary('add the Quick Actions')
    .description('Adds the Quick Actions "Transcribe" and "Make Subtitles" to Finder.')
    .action(install);
  finder
    .command('uninstall')
    .summary('remove the Quick Actions')
    .description('Removes the Quick Actions of Hearth.')
    .action(uninstall);
}

async function install(): Promise<void> {
  const bundles = await installFinderServices({ ...places(), launcher: launcherPath() });
  for (const bundle of bundles) printText(`${bundle}\n`);
  log(
    'In Finder, right-click recordings and choose Quick Actions. If the entries are missing, turn them on in\n' +
      'System Settings > General > Login Items & Extensions > Finder.',
  );
}

async function uninstall(): Promise<void> {
  const isRemoved = await uninstallFinderServices(places());
  log(isRemoved ? 'The Quick Actions have been removed.' : 'The Quick Actions of Hearth were not installed.');
}

function places() {
  return {
    pasteboardProgram: requireMacProgram('pbs', '/System/Library/CoreServices'),
    servicesFolder: join(process.env['HOME'] || homedir(), 'Library', 'Services'),
  };
}
