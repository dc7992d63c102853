import Sequencer from '@jest/test-sequencer';

/** What takes 15 s of processor time or more, or waits as long: at the end it would run while other cores have nothing to do. */
const longest = [
  ...['e2e/darwin-package', 'engine/parity', 'e2e/clients', 'raycast/transcribe-file', 'engine/engine-process'],
  ...['engine/nothing-lost', 'e2e/one-daemon', 'e2e/protocol-fuzz', 'e2e/memory', 'e2e/durability'],
  ...['e2e/cli-service', 'raycast/dictate', 'engine/mlx-operations', 'e2e/dictate', 'engine/converter-references'],
  ...['engine/memory', 'engine/batched', 'raycast/transcribe-clipboard-audio', 'engine/scheduling', 'engine/live'],
  ...['e2e/watch', 'e2e/launchd-service', 'e2e/promises-daemon', 'e2e/terminal', 'engine/decode-calls'],
  ...['engine/audio-containers', 'e2e/quantize', 'e2e/stock-mlx-whisper', 'engine/quantize', 'engine/choices'],
  ...['raycast/transcribe-selected-files', 'engine/drafts', 'engine/draft-model', 'raycast/start-or-stop-dictation'],
  ...['e2e/cli-transcribe', 'e2e/documentation', 'engine/int8', 'engine/layouts', 'raycast/transcription-history'],
];

/** Jest's order is by the size of files on a machine that has not run them yet. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}

function rank({ path }) {
  const index = longest.findIndex((name) => path.endsWith(`/test/${name}.test.ts`));
  return index === -1 ? longest.length : index;
}
