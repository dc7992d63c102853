import Sequencer from '@jest/test-sequencer';

/** What takes half a minute or more; at the end, one of these would run while the other cores have nothing left to do. */
const longest = [
  ...['e2e/darwin-package', 'engine/parity', 'e2e/clients', 'e2e/durability', 'engine/batched', 'e2e/memory'],
  ...['raycast/transcribe-file', 'engine/engine-process', 'engine/nothing-lost', 'e2e/cli-service', 'raycast/dictate'],
  ...['e2e/terminal', 'e2e/one-daemon', 'e2e/promises-daemon', 'e2e/bad-input', 'e2e/cli-transcribe'],
  ...[
    'e2e/killed-watch',
    'e2e/watch',
    'e2e/dictate',
    'engine/layouts',
    'engine/mlx-operations',
    'engine/voice-activity',
  ],
  ...['engine/draft-model', 'engine/memory', 'engine/short-windows', 'raycast/transcribe-clipboard-audio'],
  ...['raycast/transcribe-selected-files', 'e2e/protocol-fuzz', 'e2e/launchd-service'],
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
