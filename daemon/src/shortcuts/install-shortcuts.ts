import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HearthError } from '../errors/hearth-error.ts';
import { writeError } from '../errors/write-error.ts';
import { buildShortcut, type Shortcut } from './build-shortcut.ts';
import { hearthShortcuts } from './hearth-shortcuts.ts';
import { signShortcut } from './sign-shortcut.ts';

export interface InstallShortcutsRequest {
  readonly launcher: string;
  /** Where the signed files go. */
  readonly folder: string;
  /** Path of `shortcuts`. */
  readonly shortcutsProgram: string;
  /** Path of `open`, which opens each file in the Shortcuts app; null to open none. */
  readonly openProgram: string | null;
}

/**
 * Creates, signs and opens the shortcuts. Returns the paths of the signed files.
 * @throws `SHORTCUT_NOT_SIGNED`, `OUTPUT_NOT_WRITABLE`
 */
export async function installShortcuts(request: InstallShortcutsRequest): Promise<readonly string[]> {
  const { launcher, folder, shortcutsProgram, openProgram } = request;
  const workshop = await makeWorkshop(folder);
  const files: string[] = [];
  try {
    for (const shortcut of hearthShortcuts(launcher)) {
      const signed = join(folder, `${shortcut.name}.shortcut`);
      await makeSigned({ shortcut, workshop, signed, shortcutsProgram });
      files.push(signed);
    }
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  if (openProgram !== null) for (const file of files) await promisify(execFile)(openProgram, [file]);
  return files;
}

/** A folder for unfinished files. The output folder may hold other files, and an older shortcut stays until the new one is signed. */
async function makeWorkshop(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await mkdtemp(join(folder, 'signing-'));
  } catch (cause) {
    throw writeError(folder, cause);
  }
}

async function makeSigned(request: {
  readonly shortcut: Shortcut;
  readonly workshop: string;
  readonly signed: string;
  readonly shortcutsProgram: string;
}): Promise<void> {
  const { shortcut, workshop, signed, shortcutsProgram } = request;
  // The program has failed on file names with dots.
  const unsigned = join(workshop, `${shortcut.name} unsigned.shortcut`);
  const finished = join(workshop, `${shortcut.name}.shortcut`);
  try {
    await writeFile(unsigned, buildShortcut(shortcut));
    await signShortcut({ program: shortcutsProgram, unsigned, signed: finished });
    await rename(finished, signed);
  } catch (error) {
    throw error instanceof HearthError ? error : writeError(signed, error);
  }
}
