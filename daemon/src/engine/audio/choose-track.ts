import type { NativeAudio } from '@hearth/native';
import type { AudioTrack, ConverterReport } from '../../converters/converter.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { readLanguage } from '../../languages/read-language.ts';
import { listTracks } from './list-tracks.ts';

/** Below the noise of any microphone, where 1 is full scale. */
const silentAmplitude = 0.0005;

/** What was made of one of a recording's audio tracks. */
export interface ChosenTrack {
  readonly report: ConverterReport;
  readonly tracks: readonly AudioTrack[];
  /** The number of the track that was taken; null where nobody tells. */
  readonly taken: number | null;
  readonly wasAskedFor: boolean;
}

export interface ConvertChosenTrackRequest {
  /** As the option says it: a number, or a language. */
  readonly wanted: string | undefined;
  /** What is known of the tracks before the conversion, for a converter that does not tell. */
  readonly tracksBefore: readonly AudioTrack[];
  /** Converts one track, or the one that the converter takes by itself. */
  readonly convert: (track: number | null) => Promise<ConverterReport>;
}

/**
 * Converts the track that was asked for, else the first that the container calls its default, else the first.
 * @throws `OPTION_INVALID` when there is no such track, and what `convert` throws
 */
export async function convertChosenTrack(request: ConvertChosenTrackRequest): Promise<ChosenTrack> {
  const { wanted, tracksBefore, convert } = request;
  const wasAskedFor = wanted !== undefined;
  const first = tracksBefore.length > 0 ? choose(tracksBefore, wanted) : numberIn(wanted);
  const report = await convert(first).catch(async (error: unknown) => {
    // A number that is too high; without it the converter tells how many there are.
    if (first === null || !isEmpty(error)) throw error;
    throw noSuchTrack(wanted ?? String(first), (await convert(null)).tracks);
  });
  const tracks = report.tracks.length > 0 ? report.tracks : tracksBefore;
  const taken = first ?? report.takenTrack;
  if (tracks.length === 0) {
    if (wasAskedFor && first === null) throw noSuchTrack(wanted, tracks);
    return { report, tracks, taken, wasAskedFor };
  }
  const chosen = first ?? choose(tracks, wanted);
  if (chosen === taken) return { report, tracks, taken, wasAskedFor };
  return { report: await convert(chosen), tracks, taken: chosen, wasAskedFor };
}

/** @throws `OPTION_INVALID` for any track but the first of a recording that has one */
export function requireOnlyTrack(wanted: string | undefined, audio: NativeAudio): void {
  if (wanted === undefined || wanted === '1') return;
  audio.close();
  throw noSuchTrack(wanted, []);
}

function choose(tracks: readonly AudioTrack[], wanted: string | undefined): number {
  if (wanted === undefined) return (tracks.find(({ isDefault }) => isDefault) ?? tracks[0])?.number ?? 1;
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

function noSuchTrack(wanted: string, tracks: readonly AudioTrack[]): HearthError {
  const count = Math.max(tracks.length, 1);
  return new HearthError(
    'OPTION_INVALID',
    `The recording has no audio track ${shorten(wanted)}. It has ${count}${listTracks(tracks)}.`,
    { hint: 'Name a track by its number, or by its language.' },
  );
}

/** What to know about a recording with several audio tracks; nothing when the choice was the user's own and has sound. */
export function describeTracks({ tracks, taken, wasAskedFor }: ChosenTrack, audio: NativeAudio): string[] {
  if (tracks.length < 2) return [];
  const isSilent = audio.peakAmplitude < silentAmplitude;
  if (wasAskedFor && !isSilent) return [];
  const which = taken === null ? 'One of them' : `Track ${taken}`;
  const found = isSilent ? ' and is silent' : '';
  return [
    `The recording has ${tracks.length} audio tracks${listTracks(tracks)}. ${which} was transcribed${found}; the option audioTrack (--track) chooses another.`,
  ];
}
