/** Work on files whose place somebody else has chosen, which may be on a disk that no longer answers. */
export interface FileWork {
  /**
   * Does the work when there is room for it. Where it is not done in time, the caller goes on without it; its thread
   * stays taken until the disk answers.
   * @throws ETIMEDOUT, and what the work throws
   */
  run<T>(place: string, work: () => Promise<T>, patienceMs?: number): Promise<T>;
}

export interface FileWorkLimits {
  readonly mostAtOnce: number;
  /** For each place. */
  readonly mostInOnePlace?: number;
}

/**
 * Each call of the system takes one of a few threads, which all files share, for as long as a disk does not answer. The
 * work may do one call after the other, and none beside it.
 */
export function boundFileWork({ mostAtOnce, mostInOnePlace = mostAtOnce }: FileWorkLimits): FileWork {
  /** The place of each work that is under way. */
  const underWay: string[] = [];
  const waiting = new Set<{ readonly place: string; readonly begin: () => void }>();

  function hasRoom(place: string): boolean {
    return underWay.length < mostAtOnce && underWay.filter((each) => each === place).length < mostInOnePlace;
  }

  function beginWaiting(): void {
    for (const each of waiting) if (hasRoom(each.place)) each.begin();
  }

  return {
    run(place, work, patienceMs) {
      return new Promise((resolve, reject) => {
        const turn = {
          place,
          begin() {
            waiting.delete(turn);
            underWay.push(place);
            void work()
              .then(resolve, reject)
              .finally(() => {
                clearTimeout(timer);
                underWay.splice(underWay.indexOf(place), 1);
                beginWaiting();
              });
          },
        };
        const timer =
          patienceMs === undefined
            ? undefined
            : setTimeout(() => {
                waiting.delete(turn);
                reject(notAnswering());
              }, patienceMs).unref();
        waiting.add(turn);
        beginWaiting();
      });
    },
  };
}

/** As the system would say it. */
export function notAnswering(): NodeJS.ErrnoException {
  const message = 'Expected the disk to answer in time.';
  return Object.assign(new Error(message), { code: 'ETIMEDOUT', syscall: 'open' });
}
