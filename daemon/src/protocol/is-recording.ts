import { extname } from 'node:path';

const endings = new Set([
  ...['wav', 'wave', 'aif', 'aiff', 'aifc', 'caf', 'flac', 'mp3', 'ogg', 'oga', 'opus', 'au', 'snd', 'w64', 'rf64'],
  ...['m4a', 'm4b', 'aac', 'amr', 'wma', 'ac3', 'mp2', 'mpga', 'qta'],
  ...['mp4', 'm4v', 'mov', 'mkv', 'webm', 'avi', '3gp', 'mpg', 'mpeg', 'ts', 'mts', 'wmv', 'flv'],
]);

/** Whether a name is that of a recording. Hidden files are other programs' unfinished ones, and iCloud's placeholders. */
export function isRecording(name: string, only: readonly string[] | null): boolean {
  if (name.startsWith('.')) return false;
  const ending = extname(name).slice(1).toLowerCase();
  return only === null ? endings.has(ending) : only.some((each) => each.toLowerCase().replace(/^\./, '') === ending);
}

/** The name of the recording that a placeholder stands for: `.talk.m4a.icloud`, as iCloud had them before macOS 14. */
export function nameInCloud(name: string): string | null {
  return /^\.(.+)\.icloud$/.exec(name)?.[1] ?? null;
}
