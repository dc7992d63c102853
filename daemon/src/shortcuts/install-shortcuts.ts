import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HearthError } from '../errors/hearth-error.ts';
import { buildShortcut } from './build-shortcut.ts';
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
  const files: string[] = [];
  for (const shortcut of hearthShortcuts(launcher)) {
    const signed = join(folder, `${shortcut.name}.shortcut`);
    // Dots in the name of what is signed have upset the program.
    const unsigned = join(folder, `${shortcut.name} unsigned.shortcut`);
    await write(unsigned, folder, buildShortcut(shortcut));
    await signShortcut({ program: shortcutsProgram, unsigned, signed }).finally(() => rm(unsigned, { force: true }));
    files.push(signed);
  }
  if (openProgram !== null) for (const file of files) await promisify(execFile)(openProgram, [file]);
  return files;
}

async function write(path: string, folder: string, content: Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new HearthError('OUTPUT_NOT_WRITABLE', `Expected to write ${path}, got ${(cause as Error).message}.`, {
      cause,
    });
  }
}
