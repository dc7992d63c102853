import type { ServiceDefinition } from '@hearth/launchd';
import { homePaths } from '../settings/home-paths.ts';
import { daemonLocation } from './daemon-location.ts';
import { stablePath } from './stable-path.ts';

/** A service's own PATH is short; ffmpeg may lie where package managers put it. */
const searchPath = '/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin';

/** How a service manager runs this installation's daemon for this home. */
export function serviceDefinition(): ServiceDefinition {
  const { home, outputFile } = homePaths();
  const { NODE_COMPILE_CACHE: compileCache, HEARTH_FFMPEG: ffmpeg } = process.env;
  return {
    // The Node that runs this is the one that Hearth brings along, at a path of its own.
    command: [
      stablePath(process.execPath),
      '--disable-warning=ExperimentalWarning',
      stablePath(daemonLocation().serverModule),
    ],
    environment: {
      PATH: searchPath,
      HEARTH_HOME: home,
      ...(ffmpeg === undefined ? {} : { HEARTH_FFMPEG: ffmpeg }),
      ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: stablePath(compileCache) }),
    },
    workingFolder: home,
    outputFile,
  };
}
