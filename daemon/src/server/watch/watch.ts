import type { WatchedFolder, WatchRequest } from '../../protocol/watched-folders.ts';

/** Folders whose new recordings are transcribed. */
export interface Watch {
  /** Looks after the folders again, and takes up what an earlier daemon had begun. */
  start(): void;
  list(): readonly WatchedFolder[];
  /**
   * @throws `REQUEST_INVALID` for a folder that is watched, `FILE_NOT_FOUND`, `FILE_NOT_PERMITTED`, `OPTION_INVALID`,
   * `HOME_NOT_WRITABLE`
   */
  add(request: WatchRequest): Promise<WatchedFolder>;
  /** Its recordings and transcripts stay, and no more are written. @throws `WATCH_NOT_FOUND`, as the others do */
  remove(id: string): void;
  setPaused(id: string, isPaused: boolean): WatchedFolder;
  /** Has recordings that failed transcribed again. */
  retry(id: string): WatchedFolder;
  warnings(): readonly string[];
  stop(): Promise<void>;
}
