import { fileURLToPath } from 'node:url';
import { homePaths } from '../settings/home-paths.ts';

/** Where this user's daemon listens, and how it is started. */
export function daemonLocation() {
  const { socket, outputFile } = homePaths();
  return {
    socketPath: socket,
    outputPath: outputFile,
    serverModule: fileURLToPath(new URL('../server/main.js', import.meta.url)),
  };
}
