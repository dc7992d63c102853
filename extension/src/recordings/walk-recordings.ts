import { opendir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isRecording } from "./is-recording";

export interface Walk {
  /** How many more names to look at. */
  entriesLeft: number;
  /** Names of the folders that could not be read. */
  unreadable: string[];
}

const { compare } = new Intl.Collator("en", { numeric: true });

/** Paths of the recordings in a folder and its subfolders, one at a time, so that memory never holds a whole disk. */
export async function* walkRecordings(folder: string, walk: Walk): AsyncGenerator<string> {
  const wanted: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (walk.entriesLeft-- <= 0) break;
      if (entry.name.startsWith(".")) continue;
      const isFolder = entry.isDirectory();
      if (isFolder || (entry.isFile() && isRecording(entry.name))) wanted.push({ name: entry.name, isFolder });
    }
  } catch {
    walk.unreadable.push(basename(folder) || folder);
  }
  for (const { name, isFolder } of wanted.sort((left, right) => compare(left.name, right.name))) {
    if (isFolder) yield* walkRecordings(join(folder, name), walk);
    else yield join(folder, name);
  }
}
