import Type from 'typebox';
import { Value } from 'typebox/value';
import { HearthError } from '../../errors/hearth-error.ts';
import { type WatchRules, WatchRulesSchema } from '../../protocol/watched-folders.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import { type Row, readError, readTime } from '../jobs/stored-job.ts';

export interface StoredFolder {
  readonly id: string;
  readonly rules: WatchRules;
  readonly isPaused: boolean;
  readonly addedAtMs: number;
  readonly disks: FolderDisks;
}

/** Where the disks of the other folders of a watched folder begin; null for none, and where nobody has looked. */
export interface FolderDisks {
  readonly to: string | null;
  readonly moveDone: string | null;
}

/**
 * `earlier`: was there before the folder was watched. `submitted`: has a job. `writing`: its job is done, and the plan says
 * where its transcripts go.
 */
export type RecordingState = 'earlier' | 'submitted' | 'writing' | 'done' | 'failed';

export interface StoredRecording {
  readonly seq: number;
  readonly folderId: string;
  readonly path: string;
  readonly node: string;
  readonly size: number;
  readonly mtimeMs: number;
  /** Null where an earlier version has not written it down. */
  readonly ctimeMs: number | null;
  /** Null for one that was never read. */
  readonly fingerprint: string | null;
  readonly state: RecordingState;
  readonly jobId: string | null;
  readonly plan: OutputPlan | null;
  /** Where the disk of its folder begins; null where an earlier version has not written it down. */
  readonly disk: string | null;
}

/** Where everything of one recording goes; on disk before the first file is written, so that it is written once. */
export interface OutputPlan {
  readonly outputs: readonly { readonly format: WatchRules['formats'][number]; readonly path: string }[];
  readonly movedTo: string | null;
}

/** An earlier version may have had other options. */
const KnownRulesSchema = Type.Object({ ...WatchRulesSchema.properties, options: Type.Object({}) });
const states: readonly string[] = ['earlier', 'submitted', 'writing', 'done', 'failed'] satisfies RecordingState[];

/** Null for a row that nothing can be made of. */
export function readFolder(row: Row): StoredFolder | null {
  const rules = readJson(row['rules']);
  if (!Value.Check(KnownRulesSchema, rules)) return null;
  return {
    id: String(row['id']),
    rules: rules as StoredFolder['rules'],
    isPaused: Number(row['isPaused']) === 1,
    addedAtMs: readTime(row['addedAtMs']).getTime(),
    disks: readDisks(row['disks']),
  };
}

/** `isDamaged`: where its transcripts go cannot be read any more. */
export function readRecording(row: Row): StoredRecording & { readonly isDamaged: boolean } {
  const plan = readPlan(row['plan']);
  const state = String(row['state']);
  return {
    seq: Number(row['seq']),
    folderId: String(row['folderId']),
    path: String(row['path']),
    node: String(row['node']),
    size: Number(row['size']),
    mtimeMs: Number(row['mtimeMs']),
    ctimeMs: row['ctimeMs'] === null ? null : Number(row['ctimeMs']),
    fingerprint: row['fingerprint'] === null ? null : String(row['fingerprint']),
    state: state as RecordingState,
    jobId: row['jobId'] === null ? null : String(row['jobId']),
    plan,
    disk: row['disk'] === null ? null : String(row['disk']),
    isDamaged: !states.includes(state) || (row['plan'] !== null && plan === null),
  };
}

/** Why a recording failed. */
export function readFailure(row: Row): { readonly path: string; readonly error: WireError } {
  return { path: String(row['path']), error: readError(row['error']) ?? damagedEntry() };
}

export function damagedEntry(): WireError {
  return toWireError(
    new HearthError('HOME_DAMAGED', 'Its entry in the list of watched folders is damaged.', {
      hint: '`hearth watch retry` transcribes it again.',
    }),
  );
}

/** Those of an earlier version are not known. */
function readDisks(json: unknown): FolderDisks {
  const { to, moveDone } = (readJson(json) ?? {}) as Readonly<Record<string, unknown>>;
  return { to: typeof to === 'string' ? to : null, moveDone: typeof moveDone === 'string' ? moveDone : null };
}

function readPlan(json: unknown): OutputPlan | null {
  const plan = readJson(json) as Partial<OutputPlan> | null;
  const { outputs, movedTo = null } = plan ?? {};
  if (!Array.isArray(outputs) || (movedTo !== null && typeof movedTo !== 'string')) return null;
  const isSound = outputs.every((output) => {
    return typeof output?.path === 'string' && Value.Check(WatchRulesSchema.properties.formats, [output.format]);
  });
  return isSound ? { outputs, movedTo } : null;
}

function readJson(json: unknown): unknown {
  try {
    return typeof json === 'string' ? JSON.parse(json) : null;
  } catch {
    return null;
  }
}
