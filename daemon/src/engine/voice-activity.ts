import { join } from 'node:path';
import type { Native, NativeVoiceActivity } from '@hearth/native';
import { assetsFolder } from '../models/embedded-assets.ts';

/** The voice activity network, loaded when the first job needs it and kept; a failed load is tried again. */
export interface VoiceActivity {
  /** @throws `MODEL_INVALID` */
  network(): Promise<NativeVoiceActivity>;
}

export function createVoiceActivity(native: Native): VoiceActivity {
  let loaded: Promise<NativeVoiceActivity> | undefined;
  return {
    network() {
      loaded ??= native
        .loadVoiceActivity({ path: join(assetsFolder, 'vad', 'silero_vad_16k.safetensors') })
        .catch((error) => {
          loaded = undefined;
          throw error;
        });
      return loaded;
    },
  };
}
