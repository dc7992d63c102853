import { homedir } from 'node:os';
import { join } from 'node:path';
import { installFinderServices, uninstallFinderServices } from '../finder/finder-services.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { launcherPath } from './launcher-path.ts';
import { requireMacProgram } from './require-mac-program.ts';
import { printText, say } from './terminal/print.ts';

/** `hearth finder install`. */
export async function runFinderInstall(): Promise<ExitCode> {
  const bundles = await installFinderServices({ ...places(), launcher: launcherPath() });
  for (const bundle of bundles) printText(`${bundle}\n`);
  say(
    'In Finder, right-click recordings and choose Quick Actions. If the entries are missing, turn them on in\n' +
      'System Settings > General > Login Items & Extensions > Finder.',
  );
  return exitCodes.ok;
}

/** `hearth finder uninstall`. */
export async function runFinderUninstall(): Promise<ExitCode> {
  const removed = await uninstallFinderServices(places());
  say(removed ? 'The Quick Actions are gone.' : 'There were no Quick Actions of Hearth.');
  return exitCodes.ok;
}

function places() {
  return {
    pasteboardProgram: requireMacProgram('pbs', '/System/Library/CoreServices'),
    servicesFolder: join(process.env['HOME'] || homedir(), 'Library', 'Services'),
  };
}
