import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HearthError } from '../../errors/hearth-error.ts';
import { homePaths } from '../../settings/home-paths.ts';
import { readSettings } from '../../settings/read-settings.ts';
import { isAddress } from '../open-recording.ts';
import { findYtDlp } from './find-yt-dlp.ts';
import { type FoundAt, lookUpAddress } from './look-up-address.ts';
import { runYtDlp, type YtDlp } from './run-yt-dlp.ts';
import { ytDlpNetwork } from './yt-dlp-network.ts';

/** The recordings behind addresses, by the names that stand for them among the files. */
export interface AddressBook {
  /** The inputs with a name in place of each address. */
  readonly inputs: readonly string[];
  readonly has: (input: string) => boolean;
  /** Downloads the recording of a name, one at a time; its file is there until the book is closed. */
  readonly download: (input: string, onShare: (share: number) => void) => Promise<string>;
  readonly close: () => Promise<void>;
}

interface AddressBookRequest {
  readonly inputs: readonly string[];
  /** Take every recording of a list. */
  readonly recursive: boolean;
  readonly signal: AbortSignal;
  readonly onLookUp: (url: string) => void;
}

/**
 * Asks the user's yt-dlp what is at the addresses among the inputs; nothing is downloaded yet.
 * @throws `NETWORK_OFF`, `DOWNLOADER_MISSING`, `ADDRESS_UNREADABLE`, `OPTION_INVALID` for a list without `recursive`,
 * `SETTINGS_INVALID` for certificates that cannot be read, `CANCELLED`
 */
export async function openAddressBook(request: AddressBookRequest): Promise<AddressBook> {
  const { inputs, recursive, signal, onLookUp } = request;
  const settings = readSettings(homePaths().settingsFile);
  if (settings.network === 'off') {
    throw new HearthError('NETWORK_OFF', 'The setting `network` is off, so no address is read.', {
      hint: 'Set `network` to on, or bring the recording by hand and name its file.',
    });
  }
  const program = await findYtDlp();
  const folder = await mkdtemp(join(tmpdir(), 'hearth-download-'));
  const removeAtExit = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeAtExit);
  const close = async () => {
    await rm(folder, { recursive: true, force: true });
    process.off('exit', removeAtExit);
  };
  try {
    const ytDlp = { program, ...(await ytDlpNetwork(settings, folder)) };
    const places = new Map<string, FoundAt>();
    const named: string[] = [];
    for (const input of inputs) {
      if (!isAddress(input)) {
        named.push(input);
        continue;
      }
      onLookUp(input);
      const found = await lookUpAddress({ ytDlp, url: input, signal });
      if (found.isList && !recursive) throw isList(input, found.recordings.length);
      for (const recording of found.recordings) named.push(addPlace(places, recording, inputs));
    }
    let last: Promise<unknown> = Promise.resolve();
    return {
      inputs: named,
      has: (input) => places.has(input),
      download: (input, onShare) => {
        const next = last.then(() => download({ ytDlp, folder, place: places.get(input) as FoundAt, signal, onShare }));
        last = next.catch(() => undefined);
        return next;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Two recordings may have one title, and a file may be called the same. */
function addPlace(places: Map<string, FoundAt>, place: FoundAt, files: readonly string[]): string {
  for (let count = 1; ; count++) {
    const name = `${place.title}${count === 1 ? '' : ` ${count}`}.${place.extension}`;
    const other = places.get(name);
    if (other?.url === place.url) return name;
    if (other !== undefined || files.includes(name)) continue;
    places.set(name, place);
    return name;
  }
}

interface DownloadRequest {
  readonly ytDlp: YtDlp;
  readonly folder: string;
  readonly place: FoundAt;
  readonly signal: AbortSignal;
  readonly onShare: (share: number) => void;
}

const progressMark = 'hearth-progress';
const fileMark = 'hearth-file ';

/** Options that the user's configuration may set otherwise are said. */
async function download({ ytDlp, folder, place, signal, onShare }: DownloadRequest): Promise<string> {
  const own = await mkdtemp(join(folder, 'recording-'));
  const infoPath = join(own, 'about.json');
  if (place.info !== null) await writeFile(infoPath, place.info, { mode: 0o600 });
  const sizes = ['downloaded_bytes', 'total_bytes', 'total_bytes_estimate'].map((name) => `%(progress.${name})s`);
  let path: string | undefined;
  await runYtDlp({
    ytDlp,
    words: [
      ...['--format', 'bestaudio/best', '--no-playlist', '--no-simulate', '--force-overwrites', '--no-keep-video'],
      ...['--newline', '--progress', '--progress-template', `download:${progressMark} ${sizes.join(' ')}`],
      ...['--print', `after_move:${fileMark}%(filepath)s`, '--output', join(own, 'recording.%(ext)s')],
      ...(place.info === null ? ['--', place.url] : ['--load-info-json', infoPath]),
    ],
    url: place.url,
    signal,
    onLine: (line) => {
      // A title can write such a line, too, where the user's configuration prints titles.
      const named = line.startsWith(fileMark) ? line.slice(fileMark.length) : null;
      if (named !== null && dirname(named) === own) path = named;
      const share = line.startsWith(progressMark) ? shareOf(line) : null;
      if (share !== null) onShare(share);
    },
  });
  const [other] = (await readdir(own)).filter((name) => name.startsWith('recording.'));
  if (path !== undefined) return path;
  if (other !== undefined) return join(own, other);
  throw new HearthError('ADDRESS_UNREADABLE', `yt-dlp downloaded nothing from ${place.url}.`, {
    hint: 'See whether its configuration holds it back, for example with `--match-filters`.',
  });
}

/** Null where the length is not known. */
function shareOf(line: string): number | null {
  const [done, total, estimate] = line.split(' ').slice(1).map(Number);
  const all = total || estimate || 0;
  return all > 0 && done !== undefined ? Math.min(1, done / all) : null;
}

function isList(url: string, count: number): HearthError {
  return new HearthError('OPTION_INVALID', `Expected the address of one recording, got a list of ${count}: ${url}.`, {
    hint: 'Add --recursive to transcribe all of them, or name one.',
  });
}
