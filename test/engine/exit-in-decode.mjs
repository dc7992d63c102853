import { createNative } from '@hearth/native';

/**
 * Decodes a recording and, at the first token, ends this process in the way that the first argument names.
 * Usage: node exit-in-decode.mjs exit|throw|signal RECORDING MODEL_FOLDER
 */
const [way, recording, folder] = process.argv.slice(2);
const ends = {
  exit: () => process.exit(5),
  throw: () =>
    setImmediate(() => {
      throw new Error('thrown in the middle of a decode');
    }),
  signal: () => process.kill(process.pid, 'SIGTERM'),
};
process.on('SIGTERM', () => process.exit(143));

const sot = 50258;
const endOfText = 50257;
const native = createNative();
const audio = await native.openAudio({ path: recording });
const model = await native.loadModel({ folder });
const session = model.session({ priority: 'interactive', voiceActivity: null });
const encoding = await session.encode({ audio, startFrame: 0, frameCount: 1200, windowFrames: 1200 });
await session.decode({
  encoding,
  prompt: [sot, 50259, 50359, 50363],
  sotIndex: 0,
  samples: [{ temperature: 0, seed: 0 }],
  filters: { suppressAtBegin: [220, endOfText], suppress: [sot], timestampRules: null },
  endOfText,
  noSpeech: 50362,
  maxTokens: 224,
  onToken: ends[way],
});
