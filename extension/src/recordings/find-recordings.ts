import { stat } from "node:fs/promises";
import { fileRecording, Recording } from "./recording";
import { walkRecordings } from "./walk-recordings";

const maxRecordings = 500;
// Searching a disk without recordings would take minutes.
const maxEntries = 200_000;

export interface FoundRecordings {
  recordings: Recording[];
  /** What was left out, in sentences for the user; empty if nothing was. */
  leftOut: string;
}

/**
 * The recordings among files and, at any depth, in folders, sorted by name. A file that is given directly needs no known
 * extension. Hidden files in folders are left out. Never throws: reports what cannot be read.
 */
export async function findRecordings(paths: string[]): Promise<FoundRecordings> {
  const found = new Set<string>();
  const walk = { entriesLeft: maxEntries, unreadable: [] as string[] };
  let isMore = false;
  for (const path of paths) {
    for await (const recording of (await isFolder(path)) ? walkRecordings(path, walk) : [path]) {
      isMore = found.size >= maxRecordings && !found.has(recording);
      if (isMore) break;
      found.add(recording);
    }
    if (isMore) break;
  }
  const tells = [
    isMore ? `Only the first ${maxRecordings} recordings were included.` : "",
    walk.entriesLeft > 0 ? "" : "The folder is too large to search completely.",
    describeUnreadable(walk.unreadable),
  ];
  return { recordings: [...found].map(fileRecording), leftOut: tells.filter(Boolean).join(" ") };
}

function describeUnreadable(names: string[]): string {
  const [first, ...more] = names;
  if (first === undefined) return "";
  return more.length === 0
    ? `Skipped the folder ${first}, which Raycast cannot read.`
    : `Skipped ${names.length} folders that Raycast cannot read, such as ${first}.`;
}

/** A path that cannot be read counts as a file, so that opening it reports the reason. */
function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
}
