import type { Native, NativeVoiceActivity } from '@hearth/native';
import { expect, test } from '@jest/globals';
import { createVoiceActivity } from '../../../daemon/src/engine/voice-activity.ts';

test('the network is loaded once, and a failed load is tried again', async () => {
  const network = { close: () => undefined } as unknown as NativeVoiceActivity;
  let loads = 0;
  const native = {
    async loadVoiceActivity() {
      loads += 1;
      if (loads === 1) throw Object.assign(new Error('Out of memory.'), { code: 'OUT_OF_MEMORY' });
      return network;
    },
  } as unknown as Native;
  const voiceActivity = createVoiceActivity(native);
  await expect(voiceActivity.network()).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  expect(await Promise.all([voiceActivity.network(), voiceActivity.network()])).toEqual([network, network]);
  expect(loads).toBe(2);
});
