import { BatchItem } from "./batch";

/** Whether a recording was transcribed and contains no speech. */
export function isSilent({ state, finished }: BatchItem): boolean {
  return state === "done" && finished?.text.trim() === "";
}

/** `No speech in a.wav and b.wav.`; empty if all have some. */
export function describeSilent(silent: BatchItem[]): string {
  const names = silent.map(({ name }) => name);
  if (names.length === 0) return "";
  if (names.length > 3) return `No speech in ${names.length} recordings, such as ${names[0]}.`;
  return `No speech in ${new Intl.ListFormat("en").format(names)}.`;
}
