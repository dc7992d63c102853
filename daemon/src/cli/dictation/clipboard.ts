import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '@hearth/launchd';
import { HearthError } from '../../errors/hearth-error.ts';

/** Programs that put their standard input on the clipboard, and the sessions that they work in. */
const programs: readonly {
  readonly name: string;
  readonly values: readonly string[];
  readonly needs: string | null;
}[] = [
  { name: 'pbcopy', values: [], needs: null },
  { name: 'wl-copy', values: [], needs: 'WAYLAND_DISPLAY' },
  { name: 'xclip', values: ['-selection', 'clipboard'], needs: 'DISPLAY' },
  { name: 'xsel', values: ['--clipboard', '--input'], needs: 'DISPLAY' },
];

/** What copies a text to the clipboard. Looked for beforehand, so that nobody speaks in vain. @throws `CLIPBOARD_UNAVAILABLE` */
export function requireClipboard(environment: NodeJS.ProcessEnv = process.env): (text: string) => Promise<void> {
  for (const { name, values, needs } of programs) {
    if (needs !== null && !environment[needs]) continue;
    const path = findProgram({ name, searchPath: environment['PATH'], otherFolders: ['/usr/bin'] });
    if (path !== null) return (text) => copy(path, values, text);
  }
  throw new HearthError(
    'CLIPBOARD_UNAVAILABLE',
    'Expected a program that copies (pbcopy, wl-copy, xclip, xsel), found none.',
  );
}

/** @throws `CLIPBOARD_UNAVAILABLE`, after the text was printed */
async function copy(path: string, values: readonly string[], text: string): Promise<void> {
  // Some stay in the background to serve the clipboard: their output is not waited for.
  const child = spawn(path, values, { stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
  const [code] = await once(child, 'exit').catch(() => [null]);
  if (code === 0) return;
  process.stdout.write(`${text}\n`);
  throw new HearthError('CLIPBOARD_UNAVAILABLE', `${path} could not copy the text, which is printed instead.`);
}
