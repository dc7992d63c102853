import type { NativeEncoding } from '@hearth/native';
import { samplesForWindow, samplesPerFrame } from './segments/window.ts';
import type { Transcription } from './transcription.ts';

export interface FramesToEncode {
  readonly startFrame: number;
  readonly frameCount: number;
  /** How many frames the encoder hears, silence included. */
  readonly windowFrames?: number;
}

/**
 * Encodes a part of a recording once its sound is decoded, as far as there is any. It is normalised by its own 30 s, so
 * that it need not wait for the rest; a `sequential` one by the whole recording, as openai/whisper does it.
 */
export async function encodeWindow(
  { model, audio, options }: Pick<Transcription, 'model' | 'audio' | 'options'>,
  { startFrame, frameCount, windowFrames }: FramesToEncode,
): Promise<{ readonly encoding: NativeEncoding; readonly frameCount: number }> {
  const knownSamples = await audio.reach(samplesForWindow(startFrame));
  const thereAre = Math.min(frameCount, Math.floor(knownSamples / samplesPerFrame) - startFrame);
  const encoding = await model.encode({
    audio,
    startFrame,
    frameCount: thereAre,
    loudest: options.sequential ? 'of-recording' : 'of-window',
    ...(windowFrames !== undefined && { windowFrames }),
  });
  return { encoding, frameCount: thereAre };
}
