import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { requestDaemon } from "../daemon/request-daemon";

export type SavedFormat = "txt" | "md" | "docx" | "srt" | "vtt" | "json";

/** Saves a transcript in a folder under a free name; returns the path. @throws DaemonError, what writing throws */
export async function saveTranscript(request: {
  jobId: string;
  format: SavedFormat;
  folder: string;
  name: string;
}): Promise<string> {
  const { jobId, format, folder, name } = request;
  const response = await requestDaemon({
    path: `/v1/history/${encodeURIComponent(jobId)}?format=${format}`,
    isQuestion: true,
  });
  const stem = basename(name, extname(name));
  for (let number = 1; ; number++) {
    const path = join(folder, fileName(stem, `${number === 1 ? "" : ` ${number}`}.${format}`));
    const file = createWriteStream(path, { flags: "wx" });
    const opened = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      file.once("open", () => resolve(null)).once("error", resolve);
    });
    if (opened?.code === "EEXIST") continue;
    if (opened !== null) {
      response.destroy();
      throw opened;
    }
    try {
      await pipeline(response, file);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }
}

/** A name that every disk allows: at most 255 bytes, cut between two characters. */
function fileName(stem: string, ending: string): string {
  const characters = Array.from(new Intl.Segmenter().segment(stem), ({ segment }) => segment);
  while (Buffer.byteLength(characters.join("") + ending) > 255) characters.pop();
  return characters.join("") + ending;
}

/** Saves a transcript beside its recording. */
export function saveBeside(request: { jobId: string; format: SavedFormat; path: string }): Promise<string> {
  const { jobId, format, path } = request;
  return saveTranscript({ jobId, format, folder: dirname(path), name: basename(path) });
}
