import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Converter } from '../../../daemon/src/converters/converter.ts';
import { createFfmpeg } from '../../../daemon/src/converters/ffmpeg.ts';
import { findConverters } from '../../../daemon/src/converters/find-converters.ts';

const folder = fileURLToPath(new URL('../../../build/test-ffmpeg/', import.meta.url));
const requirements = fileURLToPath(new URL('ffmpeg-requirements.txt', import.meta.url));

/**
 * The ffmpeg of this machine, and one of PyPI's `imageio-ffmpeg` (GPL, for tests only, pinned by hash), so that these
 * tests run on a machine without any. It reads DASH, HLS and IMF. Empty where there is neither it nor a network.
 */
export async function testConverters(): Promise<readonly Converter[]> {
  const own = (await findConverters({ platform: 'linux' })).filter(({ name }) => name === 'ffmpeg');
  const pinned = pinnedFfmpeg();
  return [...own, ...(pinned === null ? [] : [createFfmpeg(pinned)])];
}

function pinnedFfmpeg(): string | null {
  if (!existsSync(folder)) fetchPinned();
  const binaries = join(folder, 'imageio_ffmpeg', 'binaries');
  const name = existsSync(binaries) ? readdirSync(binaries).find((each) => each.startsWith('ffmpeg-')) : undefined;
  return name === undefined ? null : join(binaries, name);
}

/** A folder that is there is whole: pip fills another one. */
function fetchPinned(): void {
  const partial = `${folder.slice(0, -1)}-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const { status } = spawnSync('python3', [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--require-hashes', '--no-deps'],
    ...['--only-binary=:all:', '--no-compile', '--root-user-action=ignore', '--target', partial],
    ...['--requirement', requirements],
  ]);
  if (status === 0 && !existsSync(folder)) renameSync(partial, folder);
  else rmSync(partial, { recursive: true, force: true });
}
