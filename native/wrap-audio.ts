import type { Addon, AddonAudio, Handle } from './addon.ts';
import type { NativeAudio } from './index.ts';

const sampleRateHz = 16_000;
const handles = new WeakMap<NativeAudio, Handle<'audio'>>();

export function wrapAudio(addon: Addon, opened: AddonAudio): NativeAudio {
  const { handle, ...description } = opened;
  const audio: NativeAudio = {
    ...description,
    durationSeconds: opened.sampleCount / sampleRateHz,
    samples: (start, count) => addon.readSamples(handle, start, count),
    close: () => addon.closeAudio(handle),
  };
  handles.set(audio, handle);
  return audio;
}

export function audioHandle(audio: NativeAudio): Handle<'audio'> {
  return handles.get(audio) as Handle<'audio'>;
}
