import { extname } from 'node:path';
import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';
import { HearthError } from '../../errors/hearth-error.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { isRecording } from '../../protocol/is-recording.ts';
import { runYtDlp, type YtDlp } from './run-yt-dlp.ts';

/** A recording that yt-dlp found. */
export interface FoundAt {
  readonly url: string;
  /** Fit for a file's name. */
  readonly title: string;
  readonly extension: string;
  /** What yt-dlp knows of it, so that it is not asked again; null for one of a list. */
  readonly info: string | null;
}

export interface Found {
  readonly isList: boolean;
  readonly recordings: readonly FoundAt[];
}

const textOrNull = Type.Optional(Type.Union([Type.String(), Type.Null()]));
const entryProperties = {
  id: textOrNull,
  title: textOrNull,
  ext: textOrNull,
  url: textOrNull,
  webpage_url: textOrNull,
};
/** As far as we read it. */
const EntrySchema = Type.Object(entryProperties);
const InfoSchema = Type.Object({
  ...entryProperties,
  _type: textOrNull,
  is_live: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  entries: Type.Optional(Type.Array(Type.Union([EntrySchema, Type.Null()]))),
});

const longestTitle = 120;

/** @throws `ADDRESS_UNREADABLE`, `OPTION_INVALID` for a broadcast that has not ended, and what `runYtDlp` throws */
export async function lookUpAddress(request: {
  readonly ytDlp: YtDlp;
  readonly url: string;
  readonly signal: AbortSignal;
}): Promise<Found> {
  const { ytDlp, url, signal } = request;
  const lines: string[] = [];
  const words = ['--dump-single-json', '--flat-playlist', '--no-playlist', '--no-warnings', '--', url];
  await runYtDlp({ ytDlp, words, url, signal, onLine: (line) => lines.push(line) });
  const text = lines.find((line) => line.startsWith('{'));
  const shown = visibleText(url);
  if (text === undefined) throw new HearthError('ADDRESS_UNREADABLE', `yt-dlp finds no recording at ${shown}.`);
  const info = readInfo(text);
  if (info === null) {
    throw new HearthError('ADDRESS_UNREADABLE', `yt-dlp does not say in a known form what is at ${shown}.`, {
      hint: 'Update yt-dlp, and see whether its configuration changes what it prints.',
    });
  }
  if (info.is_live === true) {
    throw new HearthError('OPTION_INVALID', `Expected a recording, got a broadcast that goes on: ${shown}.`, {
      hint: `Pipe it in: \`yt-dlp -o - '${shown}' | ffmpeg -i - -f wav - | hearth transcribe --live -\`.`,
    });
  }
  if (info._type !== 'playlist' && info._type !== 'multi_video') {
    return { isList: false, recordings: [{ ...describe(info, url), info: text }] };
  }
  const recordings = (info.entries ?? []).flatMap((entry) => {
    const own = entry?.url ?? entry?.webpage_url;
    return entry === null || !own ? [] : [{ ...describe(entry, own), info: null }];
  });
  if (recordings.length === 0) throw new HearthError('ADDRESS_UNREADABLE', `The list at ${shown} has no recordings.`);
  return { isList: true, recordings };
}

function readInfo(text: string): Static<typeof InfoSchema> | null {
  try {
    const info: unknown = JSON.parse(text);
    return Value.Check(InfoSchema, info) ? info : null;
  } catch {
    return null;
  }
}

function describe(
  { title, id, ext }: Static<typeof EntrySchema>,
  url: string,
): Pick<FoundAt, 'url' | 'title' | 'extension'> {
  const path = URL.canParse(url) ? new URL(url).pathname : '';
  const ending = isRecording(`x${extname(path)}`, null) ? extname(path).slice(1) : 'audio';
  const name = visibleText((title || id || '').replace(/[/\\\0:]+/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  const short = name
    .replace(/^[.-]+/, '')
    .slice(0, longestTitle)
    .toWellFormed()
    .trim();
  return { url, title: short || 'recording', extension: /^\w{1,8}$/.test(ext ?? '') ? (ext as string) : ending };
}
