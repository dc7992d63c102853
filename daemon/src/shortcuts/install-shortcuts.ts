import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HearthError } from '../errors/hearth-error.ts';
import { buildShortcut, type Shortcut } from './build-shortcut.ts';
import { hearthShortcuts } from './hearth-shortcuts.ts';
import { signShortcut } from './sign-shortcut.ts';

export interface InstallShortcutsRequest {
  readonly launcher: string;
  /** Where the signed files go. */
  readonly folder: string;
  /** Path of `shortcuts`. */
  readonly shortcutsProgram: string;
  /** Path of `open`, which shows each file to the Shortcuts app; null to leave them lying. */
  readonly openProgram: string | null;
}

/**
 * Makes, signs and opens the shortcuts. Answers with the paths of the signed files.
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

/** Where files are made: what lies beside them is not ours, and an older shortcut stays until the new one is signed. */
async function makeWorkshop(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    return await mkdtemp(join(folder, 'signing-'));
  } catch (cause) {
    throw notWritable(folder, cause);
  }
}

async function makeSigned(request: {
  readonly shortcut: Shortcut;
  readonly workshop: string;
  readonly signed: string;
  readonly shortcutsProgram: string;
}): Promise<void> {
  const { shortcut, workshop, signed, shortcutsProgram } = request;
  // Dots in the name of what is signed have upset the program.
  const unsigned = join(workshop, `${shortcut.name} unsigned.shortcut`);
  const finished = join(workshop, `${shortcut.name}.shortcut`);
  try {
    await writeFile(unsigned, buildShortcut(shortcut));
    await signShortcut({ program: shortcutsProgram, unsigned, signed: finished });
    await rename(finished, signed);
  } catch (error) {
    throw error instanceof HearthError ? error : notWritable(signed, error);
  }
}

function notWritable(path: string, cause: unknown): HearthError {
  return new HearthError('OUTPUT_NOT_WRITABLE', `${path} could not be written: ${(cause as Error).message}.`, {
    cause,
  });
}
