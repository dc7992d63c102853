import Sequencer from '@jest/test-sequencer';

/** What takes 20 s or more; at the end, one of these would run while the other cores have nothing left to do. */
const longest = [
  ...['e2e/darwin-package', 'engine/parity', 'e2e/clients', 'engine/mlx-operations', 'raycast/transcribe-file'],
  ...['e2e/one-daemon', 'e2e/protocol-fuzz', 'e2e/memory', 'raycast/dictate', 'e2e/cli-service', 'e2e/durability'],
  ...['raycast/transcribe-clipboard-audio', 'engine/engine-process', 'engine/nothing-lost', 'e2e/dictate'],
  ...['engine/batched', 'engine/converter-references', 'e2e/watch', 'raycast/transcribe-selected-files'],
  ...['e2e/promises-daemon', 'e2e/terminal', 'e2e/launchd-service', 'engine/memory', 'engine/decode-calls'],
  ...['e2e/cli-transcribe', 'raycast/start-or-stop-dictation', 'engine/drafts', 'engine/audio-containers'],
  ...['e2e/documentation', 'engine/draft-model', 'engine/engine-process-exit', 'raycast/transcription-history'],
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
