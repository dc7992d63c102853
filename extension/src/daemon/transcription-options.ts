import { TranscriptionOptions as AllOptions } from "./api";

/** Options of a transcription, with the names of the daemon's query. */
export type TranscriptionOptions = Pick<
  AllOptions,
  "language" | "task" | "initialPrompt" | "model" | "cleanUp" | "window"
>;

/** Options as a query. Empty ones are left to the daemon. */
export function transcriptionQuery(options: TranscriptionOptions, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(options)) {
    const trimmed = String(value ?? "").trim();
    if (trimmed !== "") query.set(name, trimmed);
  }
  return query.size === 0 ? "" : `?${query}`;
}
