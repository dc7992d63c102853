import type { AudioFacts } from '@hearth/native';
import type { AudioTrack, ConverterReport } from '../../converters/converter.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { readLanguage } from '../../languages/read-language.ts';
import { listTracks } from './list-tracks.ts';

/** Below the noise of any microphone, where 1 is full scale. */
const silentAmplitude = 0.0005;

/** What was made of one of a recording's audio tracks. */
export interface TakenTrack<Opened> {
  readonly report: ConverterReport;
  /** Null where nobody tells. */
  readonly number: number | null;
  readonly opened: Opened;
}

/** The tracks that were taken, and those there are. */
export interface ChosenTracks<Opened> {
  readonly taken: readonly [TakenTrack<Opened>, ...TakenTrack<Opened>[]];
  readonly tracks: readonly AudioTrack[];
  /** Of several that were asked for, those that could not be read. */
  readonly unread: readonly number[];
  readonly wereAskedFor: boolean;
}

export interface ConvertChosenTracksRequest<Opened> {
  /** As the option says it: numbers or languages with commas, or `all`. */
  readonly wanted: string | undefined;
  /** What is known of the tracks before the conversion, for a converter that does not tell. */
  readonly tracksBefore: readonly AudioTrack[];
  /** Converts one track, or the one that the converter takes by itself. */
  readonly convert: (track: number | null) => Promise<ConverterReport>;
  /** Opens what was converted last. */
  readonly open: () => Promise<Opened>;
}

/**
 * Converts the tracks that were asked for, else the first that the container calls its default, else the first; each is
 * opened before the next one is converted.
 * @throws `OPTION_INVALID` when there is no such track, and what `convert` and `open` throw
 */
export async function convertChosenTracks<Opened>(
  request: ConvertChosenTracksRequest<Opened>,
): Promise<ChosenTracks<Opened>> {
  const { wanted, tracksBefore, convert, open } = request;
  const names = namesIn(wanted);
  const wereAskedFor = names.length > 0;
  const first = tracksBefore.length > 0 ? (choose(tracksBefore, names)[0] ?? null) : numberIn(names[0]);
  const report = await convert(first).catch(async (error: unknown) => {
    // A number that is too high; without it the converter tells how many there are.
    if (first === null || !isEmpty(error)) throw error;
    throw noSuchTrack(names[0] ?? String(first), (await convert(null)).tracks);
  });
  const tracks = report.tracks.length > 0 ? report.tracks : tracksBefore;
  const known = first ?? report.takenTrack;
  if (tracks.length === 0) {
    const isTheOnly = names.length < 2 && (first !== null || names[0] === 'all');
    if (wereAskedFor && !isTheOnly) throw noSuchTrack(names.find((name) => name !== '1') ?? '1', tracks);
    return { taken: [{ report, number: known, opened: await open() }], tracks, unread: [], wereAskedFor };
  }
  const numbers = choose(tracks, names);
  // The first conversion is one of them, or only told what there is.
  const converted = numbers.includes(known ?? 0) ? { report, number: known, opened: await open() } : null;
  return { ...(await convertEach(request, numbers, converted)), tracks, wereAskedFor };
}

/** Of several, one that cannot be read does not cost the others. */
async function convertEach<Opened>(
  { convert, open }: ConvertChosenTracksRequest<Opened>,
  numbers: readonly number[],
  converted: TakenTrack<Opened> | null,
): Promise<Pick<ChosenTracks<Opened>, 'taken' | 'unread'>> {
  const taken: TakenTrack<Opened>[] = [];
  const failures: { readonly number: number; readonly error: unknown }[] = [];
  for (const number of numbers) {
    try {
      const own =
        number === converted?.number ? converted : { report: await convert(number), number, opened: await open() };
      taken.push(own);
    } catch (error) {
      if (!isOfOneTrack(error)) throw error;
      failures.push({ number, error });
    }
  }
  const [first, ...others] = taken;
  if (first === undefined) throw failures[0]?.error;
  return { taken: [first, ...others], unread: failures.map(({ number }) => number) };
}

/** @throws `OPTION_INVALID` for any track but the first of a recording that has one */
export function requireOnlyTrack(wanted: string | undefined): void {
  const name = namesIn(wanted).find((each) => each !== '1' && each !== 'all');
  if (name !== undefined) throw noSuchTrack(name, []);
}

function namesIn(wanted: string | undefined): readonly string[] {
  const names = wanted?.split(',').map((name) => name.trim()) ?? [];
  return names.some((name) => name.toLowerCase() === 'all') ? ['all'] : names;
}

/** Each once, in the order of the names. */
function choose(tracks: readonly AudioTrack[], names: readonly string[]): readonly number[] {
  if (names[0] === 'all') return tracks.map(({ number }) => number);
  if (names.length === 0) return [(tracks.find(({ isDefault }) => isDefault) ?? tracks[0])?.number ?? 1];
  return [...new Set(names.map((name) => numberOf(tracks, name)))];
}

function numberOf(tracks: readonly AudioTrack[], wanted: string): number {
  const number = numberIn(wanted);
  const language = languageOf(wanted);
  const found = tracks.find((track) =>
    number === null ? languageOf(track.language) === language && language !== null : track.number === number,
  );
  if (found === undefined) throw noSuchTrack(wanted, tracks);
  return found.number;
}

function numberIn(wanted: string | undefined): number | null {
  return wanted !== undefined && /^[1-9]\d{0,3}$/.test(wanted) ? Number(wanted) : null;
}

/** Codes of two and of three letters, and names, are one language; one that Whisper lacks is what it is called. */
function languageOf(tag: string | null): string | null {
  if (tag === null) return null;
  try {
    return readLanguage(tag) ?? null;
  } catch {
    return tag.toLowerCase();
  }
}

function isEmpty(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'AUDIO_EMPTY';
}

function isOfOneTrack(error: unknown): boolean {
  return ['AUDIO_EMPTY', 'AUDIO_CORRUPT', 'CONVERTER_FAILED'].includes(
    String((error as { readonly code?: unknown }).code),
  );
}

function noSuchTrack(wanted: string, tracks: readonly AudioTrack[]): HearthError {
  const count = Math.max(tracks.length, 1);
  return new HearthError(
    'OPTION_INVALID',
    `The recording has no audio track ${shorten(wanted)}. It has ${count}${listTracks(tracks)}.`,
    { hint: 'Name a track by its number or its language, several with commas, or all.' },
  );
}

/** What to know about a recording with several audio tracks; nothing when the choice was the user's own and has sound. */
export function describeTracks(
  { tracks, taken, unread, wereAskedFor }: ChosenTracks<unknown>,
  audios: readonly AudioFacts[],
): string[] {
  if (tracks.length < 2) return [];
  const leftOut = unread.map((number) => `Audio track ${number} could not be read and was left out.`);
  const isSilent = audios.every(({ peakAmplitude }) => peakAmplitude < silentAmplitude);
  if (wereAskedFor && !isSilent) return leftOut;
  const [{ number }] = taken;
  const which =
    taken.length > 1 ? `${taken.length} of them were` : number === null ? 'One of them was' : `Track ${number} was`;
  const found = isSilent ? (taken.length > 1 ? ' and are silent' : ' and is silent') : '';
  return [
    ...leftOut,
    `The recording has ${tracks.length} audio tracks${listTracks(tracks)}. ${which} transcribed${found}; the option audioTrack (--track) chooses others, or all.`,
  ];
}
