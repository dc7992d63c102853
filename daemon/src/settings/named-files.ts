import { boundFileWork } from './file-work.ts';

const patienceMs = 10_000;
const work = boundFileWork({ mostAtOnce: 4 });

/** Looks at a path that a request names. @throws ETIMEDOUT if its disk does not answer, and what the work throws */
export function atNamedPath<T>(look: () => Promise<T>): Promise<T> {
  return work.run('', look, patienceMs);
}
