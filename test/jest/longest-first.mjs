import Sequencer from '@jest/test-sequencer';

/** What takes a minute or more; at the end, one of these would run while the other cores have nothing left to do. */
const longest = [
  ...['e2e/darwin-package', 'e2e/durability', 'e2e/terminal', 'engine/parity', 'e2e/memory', 'e2e/clients'],
  ...['raycast/transcribe-file', 'e2e/documentation', 'e2e/cli-transcribe', 'e2e/bad-input', 'e2e/promises-daemon'],
  ...['unit/server/watch/killed-watch', 'e2e/watch'],
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
