import { extname } from "node:path";

const extensions = new Set(
  [
    ...["wav", "wave", "aif", "aiff", "aifc", "caf", "flac", "mp3", "ogg", "oga", "opus", "au", "snd", "w64", "rf64"],
    ...["m4a", "m4b", "aac", "amr", "wma", "ac3", "mp2", "mpga", "qta"],
    ...["mp4", "m4v", "mov", "mkv", "webm", "avi", "3gp", "mpg", "mpeg", "ts", "mts", "wmv", "flv"],
  ].map((extension) => `.${extension}`),
);

/** Whether a file name has an audio or video extension. */
export function isRecording(path: string): boolean {
  return extensions.has(extname(path).toLowerCase());
}
