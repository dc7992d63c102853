import { exportTranscript, listHistory } from "../daemon/history";

type Input = {
  /** Words to search for. Leave it out to get the newest transcripts */
  query?: string;
  /** Number of transcripts to return: at most 20, by default 5 */
  limit?: number;
};

interface Found {
  id: string;
  recording: string | null;
  createdAt: string;
  language: string;
  durationSeconds: number;
  text: string;
  isCut: boolean;
}

const maxCharacters = 4000;

export default async function searchTranscripts({ query = "", limit = 5 }: Input): Promise<Found[]> {
  const count = Math.max(1, Math.min(20, Math.round(limit)));
  const { entries } = await listHistory({ query, limit: count });
  const found: Found[] = [];
  for (const { id, name, createdAt, language, durationSeconds } of entries) {
    const text = (await exportTranscript(id, "txt")).trim();
    const isCut = text.length > maxCharacters;
    found.push({
      id,
      recording: name,
      createdAt,
      language,
      durationSeconds,
      text: text.slice(0, maxCharacters),
      isCut,
    });
  }
  return found;
}
