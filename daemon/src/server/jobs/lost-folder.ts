import { readdirSync } from 'node:fs';
import { lstat, mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../../settings/sync-folder.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
/** Those of `randomUUID`. */
export const uploadNames = new RegExp(`^${uuid}$`);
const ending = '.kept';
const keptNames = new RegExp(`^${uuid}[.]kept$`);

export interface LostFolderRequest {
  readonly spoolFolder: string;
  readonly lostFolder: string;
}

/** Where uploads go that their owner needs again, since their jobs were lost or failed through no fault of theirs. */
export interface LostFolder {
  /** Puts an upload there, for good when this resolves, and says where it is; null for one that is nowhere. */
  keep(path: string): Promise<string | null>;
  /** Where an upload is that has perhaps been put there. */
  find(path: string): Promise<string>;
  /** What is there. */
  warnings(): readonly string[];
}

/** Where nothing can be put into the folder, uploads stay in the spool, with a name that no sweep removes. */
export function openLostFolder({ spoolFolder, lostFolder }: LostFolderRequest): LostFolder {
  const placesOf = (path: string) => {
    const name = basename(path, ending);
    return [join(lostFolder, name), join(spoolFolder, `${name}${ending}`)];
  };

  async function find(path: string): Promise<string> {
    for (const place of [path, ...placesOf(path)]) if (await isThere(place)) return place;
    return path;
  }

  return {
    async keep(path) {
      const from = await find(path);
      for (const to of placesOf(path)) {
        if (from === to || (await move(from, to))) return to;
      }
      return (await isThere(from)) ? from : null;
    },
    find,
    warnings() {
      const lost = count(lostFolder, uploadNames);
      const left = count(spoolFolder, keptNames);
      const told = 'Transcribe them again, then delete them there.';
      return [
        ...(lost === 0 ? [] : [`Recordings without their transcripts are in ${lostFolder}: ${lost}. ${told}`]),
        ...(left === 0
          ? []
          : [
              `Recordings without their transcripts are in ${spoolFolder}, since they could not be moved to ${lostFolder}: ${left}. Their names end in ${ending}. ${told}`,
            ]),
      ];
    },
  };
}

async function move(from: string, to: string): Promise<boolean> {
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    await rename(from, to);
  } catch {
    return false;
  }
  await syncFolder(dirname(to)).catch(() => undefined);
  return true;
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function count(folder: string, names: RegExp): number {
  try {
    return readdirSync(folder).filter((name) => names.test(name)).length;
  } catch {
    return 0;
  }
}
