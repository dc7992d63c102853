import { resolve } from 'node:path';

/** A program that turns a recording which the engine cannot read into a WAV file of 16 kHz. */
export interface Converter {
  readonly name: string;
  readonly executable: string;
  readonly buildArguments: (inputPath: string, outputPath: string) => readonly string[];
}

/**
 * Apple's converter, part of every macOS. Its `-c 1` drops channels instead of mixing them, so it keeps them all and
 * the engine mixes.
 */
export function createAfconvert(executable: string): Converter {
  return {
    name: 'afconvert',
    executable,
    buildArguments: (inputPath, outputPath) => [
      ...['-f', 'WAVE', '-d', 'LEI16@16000'],
      resolve(inputPath),
      resolve(outputPath),
    ],
  };
}

/** Reads as openai/whisper audio.py `load_audio` does, and opens nothing but files, whatever the recording refers to. */
export function createFfmpeg(executable: string): Converter {
  return {
    name: 'ffmpeg',
    executable,
    buildArguments: (inputPath, outputPath) => [
      ...['-nostdin', '-v', 'error', '-protocol_whitelist', 'file', '-i', `file:${resolve(inputPath)}`],
      ...['-vn', '-sn', '-dn', '-map_metadata', '-1'],
      ...['-ac', '1', '-ar', '16000', '-c:a', 'pcm_s16le', '-f', 'wav', `file:${resolve(outputPath)}`],
    ],
  };
}
