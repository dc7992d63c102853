import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A recording leaves 20 kB, so that a collection gives a megabyte back. It takes some 10 ms. */
const jobsBetweenCollections = 50;
let jobs = 0;
let collect: (() => void) | undefined;

/**
 * Collects the garbage of the start after the first job, and that of finished jobs now and then. V8 alone would wait until
 * its heap has doubled: a process that does little in JavaScript takes a megabyte more for each hundred jobs until then.
 */
export function collectGarbageOfJobs(): void {
  jobs += 1;
  if (jobs % jobsBetweenCollections !== 1) return;
  collect ??= exposedCollector();
  collect();
}

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
