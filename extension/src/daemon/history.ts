import { HistoryPage } from "./api";
import { askJson, requestText } from "./request-json";

/** Past transcripts, newest first, or those that contain the words of `query`. @throws DaemonError */
export async function listHistory(request: {
  query: string;
  limit: number;
  before?: number | null;
  signal?: AbortSignal;
}): Promise<HistoryPage> {
  const { query, limit, before, signal } = request;
  const parameters = new URLSearchParams({ limit: String(limit) });
  if (query.trim() !== "") parameters.set("query", query.trim());
  if (before != null) parameters.set("before", String(before));
  return await askJson<HistoryPage>({ path: `/v1/history?${parameters}`, signal });
}

/** A transcript in a format. @throws DaemonError `HISTORY_ENTRY_NOT_FOUND` */
export function exportTranscript(id: string, format: "txt" | "md" | "srt" | "vtt" | "json"): Promise<string> {
  return requestText({ isQuestion: true, path: `/v1/history/${encodeURIComponent(id)}?format=${format}` });
}

/** @throws DaemonError */
export async function deleteTranscript(id: string): Promise<void> {
  await requestText({ isQuestion: true, method: "DELETE", path: `/v1/history/${encodeURIComponent(id)}` });
}
