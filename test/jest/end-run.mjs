import { rmSync } from 'node:fs';

/** Removes what the files of this run kept for each other; see jest.config.mjs. */
export default function endRun() {
  rmSync(process.env.HEARTH_TEST_FEATURES, { recursive: true, force: true });
}
