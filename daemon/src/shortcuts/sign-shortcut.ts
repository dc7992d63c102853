import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { HearthError } from '../errors/hearth-error.ts';

/**
 * How a shortcut is signed: first as this Mac's user, which needs no service; else by Apple, whose service sees the shortcut
 * and has been down at times.
 */
const modes = ['people-who-know-me', 'anyone'] as const;
const limitMs = 120_000;

export interface SignShortcutRequest {
  /** Path of `shortcuts`. */
  readonly program: string;
  readonly unsigned: string;
  readonly signed: string;
}

/** Signs a shortcut; macOS imports no unsigned ones. @throws `SHORTCUT_NOT_SIGNED` with the error of each mode */
export async function signShortcut({ program, unsigned, signed }: SignShortcutRequest): Promise<void> {
  const failures: string[] = [];
  for (const mode of modes) {
    await rm(signed, { force: true });
    const failure = await run(program, ['sign', '--mode', mode, '--input', unsigned, '--output', signed]);
    if (failure === null) return;
    failures.push(`${mode}: ${failure}`);
  }
  throw new HearthError(
    'SHORTCUT_NOT_SIGNED',
    `Expected \`shortcuts sign\` to sign ${unsigned}, got ${failures.join('; ')}.`,
  );
}

/** The error of a program; null if it succeeded. */
function run(program: string, values: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...values], { timeout: limitMs }, (error, _stdout, stderr) => {
      resolve(error === null ? null : (stderr.trim() || error.message).replace(/\s*\n\s*/g, ' '));
    });
  });
}
