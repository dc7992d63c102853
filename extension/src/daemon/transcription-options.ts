import { TranscriptionOptions as AllOptions } from "./api";

/** What may be said about a transcription; the names of the daemon's query. */
export type TranscriptionOptions = Pick<AllOptions, "language" | "task" | "initialPrompt" | "model">;

/** Options as a query; what is empty is left to the daemon. */
export function transcriptionQuery(options: TranscriptionOptions, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(more);
  for (const [name, value] of Object.entries(options)) {
    const trimmed = String(value ?? "").trim();
    if (trimmed !== "") query.set(name, trimmed);
  }
  return query.size === 0 ? "" : `?${query}`;
}
