import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CalibrationWindow, NativeComingAudio, NativeEncoding, NativeModel } from '@hearth/native';
import { openRecording } from '../engine/audio/open-recording.ts';
import type { Recording } from '../engine/audio/recording.ts';
import { HearthError } from '../errors/hearth-error.ts';
import { assetsFolder, readVocabulary } from '../models/embedded-assets.ts';
import { resolveOptions } from '../protocol/options/resolve-options.ts';
import { createVocabulary } from '../whisper/tokenizer/vocabulary.ts';
import { transcribe } from '../whisper/transcribe.ts';
import type { WhisperModel } from '../whisper/whisper-model.ts';
import { type HeardWindow, readHeardWindows, writeHeardWindows } from './heard-windows-file.ts';
import type { QuantizeFolderRequest } from './quantize-folder-request.ts';

export interface HeardWindows {
  readonly windows: readonly CalibrationWindow[];
  /** Lets go of the recordings. */
  readonly close: () => void;
}

/**
 * What the float model hears and writes when it transcribes the recordings with the default options: its windows, with
 * the first text of each. None without recordings. What it has heard is kept in the workshop, for a run that goes on.
 * @throws `AUDIO_*`, `FILE_*`, `MODEL_*`, `OPTION_INVALID`, `CANCELLED`
 */
export async function hearWindows(request: QuantizeFolderRequest, workshop: string): Promise<HeardWindows> {
  const { native, command, signal, onProgress } = request;
  const audios: NativeComingAudio[] = [];
  const close = () => {
    for (const audio of audios) audio.close();
  };
  const windows: CalibrationWindow[] = [];
  if (command.recordings.length === 0) return { windows, close };
  const file = join(workshop, 'heard.json');
  const temporaryFolder = join(workshop, 'converted');
  await rm(temporaryFolder, { recursive: true, force: true });
  await mkdir(temporaryFolder);
  const heard = [...(await readHeardWindows(file))];
  const isHeard = heard.length === command.recordings.length;
  const model = isHeard ? null : await native.loadModel({ folder: command.folder });
  try {
    for (const [done, path] of command.recordings.entries()) {
      onProgress({ type: 'quantize-progress', step: 'listening', done, total: command.recordings.length });
      const { minFreeDiskBytes } = command;
      const { sounds } = await openRecording({
        native,
        path,
        followLinks: true,
        temporaryFolder,
        minFreeDiskBytes,
        signal,
      });
      audios.push(...sounds.map(({ audio }) => audio));
      if (model !== null && heard.length === done) {
        heard.push(await hearSounds(model, sounds, request));
        writeHeardWindows(file, heard);
      }
      for (const { sound, ...window } of heard[done] ?? []) {
        windows.push({ audio: (sounds[sound] as (typeof sounds)[number]).audio, ...window });
      }
    }
  } catch (error) {
    close();
    throw error;
  } finally {
    await model?.close();
  }
  if (windows.length > 0) return { windows, close };
  close();
  throw new HearthError('OPTION_INVALID', 'Expected recordings with speech to calibrate with, got none with any.');
}

async function hearSounds(
  model: NativeModel,
  sounds: Recording['sounds'],
  request: QuantizeFolderRequest,
): Promise<readonly HeardWindow[]> {
  const heard: HeardWindow[] = [];
  for (const [sound, { audio }] of sounds.entries()) {
    const windows = await hearRecording(model, audio, request);
    heard.push(...windows.map(({ audio: _, ...window }) => ({ sound, ...window })));
  }
  return heard;
}

async function hearRecording(
  model: NativeModel,
  audio: NativeComingAudio,
  { native, command, signal }: QuantizeFolderRequest,
): Promise<readonly CalibrationWindow[]> {
  const { vocabularySize } = model.dimensions;
  const vocabulary = createVocabulary(await readVocabulary(command.folder, vocabularySize), vocabularySize);
  const voiceActivity = await native.loadVoiceActivity({
    path: join(assetsFolder, 'vad', 'silero_vad_16k.safetensors'),
  });
  const session = model.session({ priority: 'bulk', signal, voiceActivity });
  const { heard, listening } = remembering(session, audio);
  try {
    // The language is detected, as it is for a person who names none.
    for await (const _ of transcribe({ model: listening, vocabulary, audio, options: resolveOptions({}) }));
    return [...heard.values()].filter(({ tokens }) => tokens.length > 0);
  } finally {
    session.close();
    voiceActivity.close();
  }
}

/** A model that remembers which windows were encoded, and the first text at temperature 0 of each. */
function remembering(model: WhisperModel, audio: NativeComingAudio) {
  const heard = new Map<NativeEncoding, CalibrationWindow>();
  const listening: WhisperModel = {
    dimensions: model.dimensions,
    alignmentHeads: model.alignmentHeads,
    speechFrom: (sound, first) => model.speechFrom(sound, first),
    detectLanguage: (request) => model.detectLanguage(request),
    beamSearch: (request) => model.beamSearch(request),
    align: (request) => model.align(request),
    async encode(request) {
      const encoding = await model.encode(request);
      const { startFrame, frameCount } = request;
      heard.set(encoding, { audio, startFrame, frameCount, tokens: [] });
      return encoding;
    },
    async decode(request) {
      const results = await model.decode(request);
      const window = heard.get(request.encoding);
      const isFirst = request.samples[0]?.temperature === 0 && window?.tokens.length === 0;
      const tokens = [...request.prompt, ...(results[0]?.tokens ?? [])];
      if (window !== undefined && isFirst) heard.set(request.encoding, { ...window, tokens });
      return results;
    },
  };
  return { heard, listening };
}
