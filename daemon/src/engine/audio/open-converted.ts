import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ConversionLimits,
  type ConvertRecordingRequest,
  convertRecording,
} from '../../converters/convert-recording.ts';
import type { AudioTrack, Conversion, Converter, ConverterReport } from '../../converters/converter.ts';
import { findConverters } from '../../converters/find-converters.ts';
import { installationAdvice } from '../../converters/installation-advice.ts';
import { type Mpeg4File, readMpeg4File } from '../../converters/mpeg4-file.ts';
import { sandboxFor } from '../../converters/sandbox-for.ts';
import { HearthError } from '../../errors/hearth-error.ts';
import { convertChosenTracks, describeTracks } from './choose-track.ts';
import { describePiece } from './describe-piece.ts';
import { forConverter } from './for-converter.ts';
import { nameVoices, type OpenTrack } from './name-voices.ts';
import type { OpenChannels } from './open-channels.ts';
import type { OpenInput } from './open-input.ts';
import type { OpenRecordingRequest, Recording } from './recording.ts';

/** A place on the container's clock after which it is taken for a time of day, not for a time in a recording. */
const latestStartSeconds = 3600;
/** Less is an encoder's delay. */
const leastDelaySeconds = 0.1;
const damaged = 'The recording is damaged: some of it could not be read. What could be read was transcribed.';

export interface OpenConvertedRequest {
  readonly request: OpenRecordingRequest;
  readonly input: OpenInput;
  /** What the engine found the recording to be; null where it has no name for it. */
  readonly format: string | null;
  /** Whether it is a recording for all that the engine knows. */
  readonly isKnown: boolean;
  /** Why the engine did not read it. */
  readonly unread: HearthError;
  readonly open: (path: string) => Promise<OpenChannels>;
}

/** Opens what a converter makes of a recording, with the converter's and the tracks' warnings. */
export async function openConverted(opening: OpenConvertedRequest): Promise<Recording> {
  const { request, input, isKnown, unread } = opening;
  const mpeg4 = await readMpeg4File(input.file);
  if (mpeg4?.refersElsewhere === true) throw refersElsewhere();
  const converters = await (request.findConverters ?? findConverters)();
  let failure = isKnown
    ? new HearthError('CONVERTER_MISSING', unread.message, { hint: remedies(), cause: unread })
    : notAudio(unread, converters);
  for (const converter of converters) {
    try {
      return await openThrough(converter, mpeg4, opening);
    } catch (error) {
      if (!(error instanceof HearthError)) throw error;
      if (error.code === 'AUDIO_EMPTY') throw await sayMore(error, input, mpeg4);
      if (!['AUDIO_CORRUPT', 'CONVERTER_FAILED', 'CONVERTER_MISSING'].includes(error.code)) throw error;
      failure = isKnown || error.code === 'CONVERTER_FAILED' ? error : notAudio(error, converters);
    }
  }
  throw await sayMore(failure, input, mpeg4);
}

async function openThrough(
  converter: Converter,
  mpeg4: Mpeg4File | null,
  { request, input, format, open }: OpenConvertedRequest,
): Promise<Recording> {
  const { temporaryFolder, signal } = request;
  const outputPath = join(temporaryFolder, `converted-${randomUUID()}.wav`);
  await restoreFolder(temporaryFolder);
  const sandbox = request.sandbox ?? (await sandboxFor({ converter, temporaryFolder }));
  request.onConverter?.({ executable: converter.executable, isConfined: sandbox.name !== 'none' });
  const limits = limitsFor((await input.file.stat()).size, request.minFreeDiskBytes);
  const keepsChannels = ![undefined, 'mix'].includes(request.audioChannels);
  const opened: OpenChannels[] = [];
  const recording = await forConverter(input, request, sandbox);
  try {
    const chosen = await convertChosenTracks({
      wanted: request.audioTrack,
      tracksBefore: converter.name === 'afconvert' ? (mpeg4?.tracks ?? []) : [],
      convert: async (track) => {
        const report = await convertWithClock({
          converter,
          recording: recording.file,
          conversion: {
            inputPath: recording.path,
            outputPath,
            format,
            track,
            keepsChannels,
            keepsClock: true,
            delaySeconds: 0,
          },
          sandbox,
          limits,
          ...(signal === undefined ? {} : { signal }),
        });
        return { ...report, tracks: withTitles(report.tracks, mpeg4?.tracks ?? []) };
      },
      open: async () => {
        const audio = await open(outputPath);
        opened.push(audio);
        return audio;
      },
    });
    const [first, ...others] = chosen.taken.map(({ number, opened: sound }): OpenTrack => {
      return { ...sound, track: chosen.tracks.find((track) => track.number === number) ?? null };
    });
    const complaints = chosen.taken.flatMap(({ report }) => report.complaints);
    const audios = opened.flatMap((each) => each.audios);
    const { sounds, warnings } = nameVoices([first as OpenTrack, ...others], request.speakerNames);
    return {
      sounds,
      warnings: async () => [
        ...(complaints.length === 0 ? [] : [damaged]),
        ...describeTracks(chosen, await Promise.all(audios.map((audio) => audio.whole()))),
        ...(await warnings()),
      ],
    };
  } catch (error) {
    for (const audio of opened.flatMap((each) => each.audios)) audio.close();
    throw error;
  } finally {
    await rm(outputPath, { force: true });
    if (recording !== input) await rm(recording.path, { force: true });
  }
}

/** ffmpeg writes the names of a movie's tracks, but does not tell them. */
function withTitles(tracks: readonly AudioTrack[], own: readonly AudioTrack[]): readonly AudioTrack[] {
  if (tracks.length !== own.length) return tracks;
  return tracks.map((track, index) => ({ ...track, title: track.title ?? own[index]?.title ?? null }));
}

/** Somebody may have emptied the home; one that is gone is not made again. */
async function restoreFolder(folder: string): Promise<void> {
  for (const path of [dirname(folder), folder]) await mkdir(path, { mode: 0o700 }).catch(() => undefined);
}

/** Begins again where the converter tells, before any sound, that the clock has to be kept in another way. */
async function convertWithClock(request: ConvertRecordingRequest): Promise<ConverterReport> {
  const { conversion, signal } = request;
  const stop = new AbortController();
  let clock: Pick<Conversion, 'keepsClock' | 'delaySeconds'> | undefined;
  const beginAgain = (keepsClock: boolean, delaySeconds: number) => {
    clock ??= { keepsClock, delaySeconds };
    stop.abort();
  };
  await rm(conversion.outputPath, { force: true });
  try {
    return await convertRecording({
      ...request,
      signal: AbortSignal.any(signal === undefined ? [stop.signal] : [stop.signal, signal]),
      onStart: (seconds) => {
        if (seconds > latestStartSeconds) beginAgain(false, 0);
      },
      onDelay: (seconds) => {
        if (seconds >= leastDelaySeconds && seconds <= latestStartSeconds) beginAgain(true, seconds);
      },
    });
  } catch (error) {
    if (clock === undefined || signal?.aborted === true) throw error;
    await rm(conversion.outputPath, { force: true });
    return await convertRecording({ ...request, conversion: { ...conversion, ...clock } });
  }
}

/** A day of sound in two channels, and time enough for the slowest converter to write it. */
function limitsFor(inputBytes: number, minFreeDiskBytes: number): ConversionLimits {
  return {
    idleMs: 180_000,
    totalMs: 600_000 + inputBytes / 250,
    maxOutputBytes: 24 * 3600 * 16_000 * 2 * 2,
    minFreeDiskBytes,
  };
}

function refersElsewhere(): HearthError {
  return new HearthError('AUDIO_UNSUPPORTED', 'This movie keeps its sound in another file.', {
    hint: 'Send that file, or export the movie as one that holds its sound.',
  });
}

function notAudio(cause: HearthError, converters: readonly Converter[]): HearthError {
  const advice = converters.length === 0 ? ` For rarer formats: ${installationAdvice()}.` : '';
  const hint = `Convert it to wav, flac, mp3, ogg or m4a.${advice}`;
  return new HearthError('AUDIO_UNSUPPORTED', 'This is not audio that Hearth can read.', { hint, cause });
}

/** The failure, in the words for a piece of a recording where it is one. */
async function sayMore(failure: HearthError, { file }: OpenInput, mpeg4: Mpeg4File | null): Promise<HearthError> {
  if (failure.code === 'CONVERTER_MISSING') return failure;
  const piece = await describePiece(file, mpeg4);
  if (piece === null) return failure;
  return new HearthError(failure.code, piece, { hint: 'Send the whole recording.', cause: failure });
}

function remedies(): string {
  return `${installationAdvice()}; or convert the recording to wav, flac, mp3 or ogg.`;
}
