import type { NativeAudio } from '@hearth/native';
import { openRecording } from '../../../daemon/src/engine/audio/open-recording.ts';
import type { OpenRecordingRequest, Voice } from '../../../daemon/src/engine/audio/recording.ts';

export interface WholeSound {
  readonly audio: NativeAudio;
  readonly voice: Voice | null;
}

/** A recording once all of it is decoded. */
export async function openWhole(request: OpenRecordingRequest): Promise<{
  readonly sounds: readonly [WholeSound, ...WholeSound[]];
  readonly warnings: readonly string[];
}> {
  const { sounds, warnings } = await openRecording(request);
  const [first, ...others] = await Promise.all(
    sounds.map(async ({ audio, voice }) => ({ audio: Object.assign(audio, await audio.whole()), voice })),
  );
  return { sounds: [first as WholeSound, ...others], warnings: await warnings() };
}
