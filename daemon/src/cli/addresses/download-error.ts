import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';

/** What yt-dlp writes, and what that means. The first that fits counts. */
const meanings: readonly (readonly [RegExp, (url: string) => string, hint: string])[] = [
  [/HTTP Error (404|410)/, (url) => `There is nothing at ${url}.`, 'Check the address.'],
  [/DRM/, (url) => `The recording at ${url} is protected against copying.`, 'Hearth and yt-dlp cannot read it.'],
  [
    /private|sign in|log ?in|cookies|members|HTTP Error (401|403)/i,
    (url) => `The recording at ${url} is not public.`,
    'If you may hear it, set `--cookies-from-browser` in the configuration of yt-dlp.',
  ],
  [
    /Unsupported URL|No video|no formats|no media/i,
    (url) => `yt-dlp finds no recording at ${url}.`,
    'Name the address of the recording itself, or of a page that plays it.',
  ],
  [
    /resolve|refused|timed out|unreachable|connection|SSL|certificate|HTTP Error (429|5\d\d)/i,
    (url) => `${url} cannot be reached.`,
    'Check the network and the address, and try again later.',
  ],
];

/** The error for what yt-dlp ended with. Its words are only the cause: they come from another program. */
export function downloadError(url: string, complaints: readonly string[]): HearthError {
  const said = complaints.filter((line) => line.startsWith('ERROR')).join('\n') || complaints.join('\n');
  const cause = new Error(said);
  if (/no space left/i.test(said)) {
    return new HearthError('DISK_FULL', 'There is not enough free disk space to download the recording.', {
      hint: 'Free some disk space, or set TMPDIR to a folder on another disk.',
      cause,
    });
  }
  const shown = visibleText(url);
  const [, message, hint] = meanings.find(([pattern]) => pattern.test(said)) ?? [];
  return new HearthError('ADDRESS_UNREADABLE', message?.(shown) ?? `yt-dlp cannot read ${shown}.`, {
    hint: hint ?? `Run \`yt-dlp '${shown}'\` to see why; an old yt-dlp often has to be updated.`,
    cause,
  });
}
