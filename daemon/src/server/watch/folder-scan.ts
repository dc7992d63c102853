import type { WatchRules } from '../../protocol/watched-folders.ts';
import { type FoundRecording, findRecordings, type OnFound } from './found-recording.ts';
import { findKnown } from './known-recording.ts';
import type { Settling } from './settling.ts';
import type { WatchStore } from './watch-store.ts';

export interface FolderScan {
  /** New recordings that have stopped growing, in the order in which they came. */
  readonly ready: readonly FoundRecording[];
  /** New ones that may still grow. */
  readonly growing: number;
  readonly notDownloaded: number;
  readonly folders: readonly string[];
  /** What is left out since its name is not UTF-8, as it is shown. */
  readonly wrongNames: readonly string[];
}

export interface ScanRequest {
  readonly folderId: string;
  readonly rules: WatchRules;
  readonly store: WatchStore;
  readonly settling: Settling;
  /** Called for each thing that is found: the disk answers. */
  readonly onStep?: () => void;
}

/** Looks at everything in a watched folder. @throws what reading the folder throws */
export async function scanFolder({ folderId, rules, store, settling, onStep }: ScanRequest): Promise<FolderScan> {
  const ready: FoundRecording[] = [];
  const folders: string[] = [];
  const wrongNames: string[] = [];
  const unknown = new Set<string>();
  let notDownloaded = 0;
  const onFound: OnFound = {
    folder: (path) => void folders.push(path),
    wrongName: (shown) => void wrongNames.push(shown),
  };
  for await (const found of findRecordings(rules, onFound)) {
    onStep?.();
    const known = await findKnown(store, folderId, found).catch(ignoreGone);
    if (known === undefined || known !== null) continue;
    if (found.isDataless) {
      notDownloaded++;
      continue;
    }
    unknown.add(found.path);
    if (settling.hasSettled(found)) ready.push(found);
  }
  settling.keepOnly(unknown);
  ready.sort((left, right) => left.mtimeMs - right.mtimeMs);
  return { ready, growing: unknown.size - ready.length, notDownloaded, folders, wrongNames };
}

/** A file that went away, or may not be read now, is looked at again by the next scan. */
function ignoreGone(error: NodeJS.ErrnoException): undefined {
  if (error.syscall === undefined) throw error;
}
