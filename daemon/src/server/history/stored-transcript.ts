import type { HistoryDetails, HistoryEntry } from '../../protocol/history.ts';
import type { TranscriptionOptions } from '../../protocol/options/transcription-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';

/** Columns of a transcript that lists need, besides its text. */
export const listedColumns = 'seq, id, name, createdAtMs, durationSeconds, language, task, model';

/** A row as the file holds it: anything, since other programs and faults of a disk write there too. */
export type Row = Readonly<Record<string, unknown>>;

/** What a list shows of a row; null for a damaged one. */
export function readEntry(row: Row): Omit<HistoryEntry, 'excerpt'> | null {
  const { id, name, durationSeconds, language, task, model } = row;
  const seq = readInteger(row['seq']);
  const createdAt = readTime(row['createdAtMs']);
  const isSound =
    createdAt !== null &&
    seq !== null &&
    typeof id === 'string' &&
    (name === null || typeof name === 'string') &&
    typeof durationSeconds === 'number' &&
    typeof language === 'string' &&
    (task === 'transcribe' || task === 'translate') &&
    typeof model === 'string';
  return isSound ? { seq, id, name, createdAt, durationSeconds, language, task, model } : null;
}

/** A whole transcript; null for a damaged one. */
export function readDetails(row: Row): HistoryDetails | null {
  const entry = readEntry(row);
  const options = readJson(row['options']);
  const result = readTranscript(row['result']);
  if (entry === null || !isObject(options) || result === null) return null;
  return { ...entry, options: options as TranscriptionOptions, result };
}

/** A transcript's JSON as it was stored; null for anything else. */
export function readTranscript(json: unknown): Transcript | null {
  const result = readJson(json);
  return isTranscript(result) ? result : null;
}

/** Statements answer with `bigint`s, since a damaged number may be larger than what a `number` holds. */
function readInteger(value: unknown): number | null {
  const integer = typeof value === 'bigint' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(integer) ? integer : null;
}

/** A time that `Date` can show. */
function readTime(milliseconds: unknown): string | null {
  const date = new Date(readInteger(milliseconds) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function readJson(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : null;
  } catch {
    return null;
  }
}

/** As far as the formats that it is exported in look at it. */
function isTranscript(value: unknown): value is Transcript {
  if (!isObject(value) || typeof value['text'] !== 'string' || typeof value['language'] !== 'string') return false;
  const { segments } = value;
  return Array.isArray(segments) && segments.every(isSegment);
}

function isSegment(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { start, end, text, speaker, words } = value;
  if (typeof start !== 'number' || typeof end !== 'number' || typeof text !== 'string') return false;
  if (speaker !== undefined && typeof speaker !== 'string') return false;
  return words === undefined || (Array.isArray(words) && words.every(isWord));
}

function isWord(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['word'] === 'string' &&
    typeof value['start'] === 'number' &&
    typeof value['end'] === 'number'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
