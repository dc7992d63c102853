import { fileURLToPath } from 'node:url';
import { requireOpenPlace } from './require-open-place.ts';
import { stablePath } from './stable-path.ts';

/** Path of this installation's `hearth` for programs that run it later. @throws `PLACE_GUARDED` */
export function launcherPath(): string {
  const launcher = stablePath(fileURLToPath(new URL('../../../hearth', import.meta.url)));
  requireOpenPlace(launcher);
  return launcher;
}
