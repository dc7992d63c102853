import type { FoundRecording } from './found-recording.ts';
import { endsOf, findSameContent } from './recording-content.ts';
import type { StoredRecording } from './stored-watch.ts';
import type { WatchStore } from './watch-store.ts';

/**
 * The recording that a file is known as, also if it was renamed, touched or downloaded again; null for a new one. Reads
 * the file only if its name or its node is known with the same length, and the other one or one of its times is not.
 */
export async function findKnown(
  store: Pick<WatchStore, 'alike' | 'setPlace' | 'setFingerprint'>,
  folderId: string,
  found: FoundRecording,
): Promise<StoredRecording | null> {
  const alike = store.alike(folderId, found).filter(({ size }) => size === found.size);
  // A recorder may give all its files one time and one length, and some disks give files new nodes when they are mounted.
  const sameTime = alike.filter(({ mtimeMs }) => mtimeMs === found.mtimeMs);
  const same =
    sameTime.find(({ node, ctimeMs }) => node === found.node && ctimeMs === found.ctimeMs) ??
    sameTime.find(({ node, ctimeMs }) => node === found.node && ctimeMs === null) ??
    (await withSameContent(alike, found)) ??
    // One that was never read cannot be compared: a new one may have its name, its time and its length.
    sameTime.find((each) => found.isDataless || (each.fingerprint === null && isSameFile(each, found)));
  if (same === undefined) return null;
  const isInPlace = same.path === found.path && same.node === found.node;
  // While it is surely the one that was there before: a backup or a cloud may bring it back as another file.
  const isKnownByContent = same.fingerprint !== null || same.state !== 'earlier' || found.isDataless;
  if (!isKnownByContent && isInPlace && same.ctimeMs === found.ctimeMs)
    store.setFingerprint(same.seq, await endsOf(found));
  if (!isInPlace || same.mtimeMs !== found.mtimeMs || same.ctimeMs !== found.ctimeMs) store.setPlace(same.seq, found);
  return same;
}

/** Disks that give files new nodes when they are mounted leave them the time of their last change; a rename leaves the node. */
function isSameFile(known: StoredRecording, found: FoundRecording): boolean {
  return known.node === found.node || known.ctimeMs === null || known.ctimeMs === found.ctimeMs;
}

/** What is in the cloud alone is not downloaded to be compared. */
async function withSameContent(
  alike: readonly StoredRecording[],
  found: FoundRecording,
): Promise<StoredRecording | undefined> {
  return found.isDataless ? undefined : findSameContent(alike, found);
}
