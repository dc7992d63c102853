import { homedir } from 'node:os';
import { join } from 'node:path';
import { installFinderServices, uninstallFinderServices } from '../finder/finder-services.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { launcherPath } from './launcher-path.ts';
import { requireMacProgram } from './require-mac-program.ts';

/** `hearth finder install`. */
export async function runFinderInstall(): Promise<ExitCode> {
  const bundles = await installFinderServices({ ...places(), launcher: launcherPath() });
  for (const bundle of bundles) process.stdout.write(`${bundle}\n`);
  process.stderr.write(
    'In Finder, right-click recordings and choose Quick Actions. Where the entries are missing, turn them on in\n' +
      'System Settings > General > Login Items & Extensions > Finder.\n',
  );
  return exitCodes.ok;
}

/** `hearth finder uninstall`. */
export async function runFinderUninstall(): Promise<ExitCode> {
  const removed = await uninstallFinderServices(places());
  process.stderr.write(removed ? 'The Quick Actions are gone.\n' : 'There were no Quick Actions of Hearth.\n');
  return exitCodes.ok;
}

function places() {
  return {
    pasteboardProgram: requireMacProgram('pbs', '/System/Library/CoreServices'),
    servicesFolder: join(process.env['HOME'] || homedir(), 'Library', 'Services'),
  };
}
