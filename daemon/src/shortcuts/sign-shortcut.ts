import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { HearthError } from '../errors/hearth-error.ts';

/**
 * How a shortcut is signed: first as this Mac's user, which asks nobody; else by Apple, whose service gets the shortcut
 * to see and has been down at times.
 */
const modes = ['people-who-know-me', 'anyone'] as const;
const limitMs = 120_000;

export interface SignShortcutRequest {
  /** Path of `shortcuts`. */
  readonly program: string;
  readonly unsigned: string;
  readonly signed: string;
}

/** Signs a shortcut, without which macOS imports none. @throws `SHORTCUT_NOT_SIGNED` with what each way said */
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

/** What a program complained of; null when it did its work. */
function run(program: string, values: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, [...values], { timeout: limitMs }, (error, _stdout, stderr) => {
      resolve(error === null ? null : (stderr.trim() || error.message).replace(/\s*\n\s*/g, ' '));
    });
  });
}
