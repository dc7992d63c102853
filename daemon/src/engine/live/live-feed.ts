import type { LiveNews, LiveProgress } from '../../protocol/engine-messages.ts';

/** What the server says of a live session's sound. */
export interface LiveFeed {
  progress(): LiveProgress;
  /** Resolves when something else is so than what was seen, or when the signal is aborted. */
  changed(seen: LiveProgress, signal: AbortSignal): Promise<void>;
  /** Resolves when the client says that its sound ends, or something about a place in it; or when the signal is aborted. */
  turnEnded(seen: LiveProgress, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** The feeds of all live sessions, by the ids of their jobs. */
export interface LiveFeeds {
  open(jobId: string, first: LiveProgress): LiveFeed;
  update(jobId: string, news: LiveNews): void;
}

export function createLiveFeeds(): LiveFeeds {
  const updates = new Map<string, (news: LiveNews) => void>();
  return {
    open(jobId, first) {
      let progress = first;
      let news = Promise.withResolvers<void>();
      updates.set(jobId, ({ byteCount, isEnded, newMarks }) => {
        const marks = newMarks.length === 0 ? progress.marks : [...progress.marks, ...newMarks];
        progress = { byteCount, isEnded, marks };
        news.resolve();
        news = Promise.withResolvers();
      });
      async function changed(seen: LiveProgress, signal: AbortSignal): Promise<void> {
        // What came since it was seen is not told again.
        if (signal.aborted || progress !== seen) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        const onAbort = () => resolve();
        signal.addEventListener('abort', onAbort);
        await Promise.race([promise, news.promise]);
        signal.removeEventListener('abort', onAbort);
      }
      return {
        progress: () => progress,
        changed,
        async turnEnded(seen, signal) {
          const isSame = () => progress.isEnded === seen.isEnded && progress.marks.length === seen.marks.length;
          while (isSame() && !signal.aborted) await changed(progress, signal);
        },
        close: () => updates.delete(jobId),
      };
    },
    update: (jobId, news) => updates.get(jobId)?.(news),
  };
}
