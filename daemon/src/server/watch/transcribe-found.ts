import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Logger } from 'pino';
import { HearthError } from '../../errors/hearth-error.ts';
import { normalizeOptions } from '../../protocol/options/normalize-options.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { WatchRules } from '../../protocol/watched-folders.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import type { FileWork } from '../../settings/file-work.ts';
import type { History } from '../history/history.ts';
import type { Job } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { chooseModel } from '../models/choose-model.ts';
import type { ModelStore } from '../models/model-store.ts';
import { diskOf } from './disk-of.ts';
import { type FoundRecording, nodeOf } from './found-recording.ts';
import { moveRecording } from './move-recording.ts';
import { findSameContent, fingerprintOf } from './recording-content.ts';
import { requireDisks } from './require-disks.ts';
import type { StoredFolder, StoredRecording } from './stored-watch.ts';
import type { WatchStore } from './watch-store.ts';
import { planTranscripts, writeTranscript } from './write-transcripts.ts';

export interface TranscribeFoundRequest {
  readonly jobs: Pick<Jobs, 'takePlace' | 'get' | 'hold' | 'cancel'>;
  readonly models: Pick<ModelStore, 'find' | 'list' | 'translator'>;
  readonly history: Pick<History, 'find'>;
  readonly store: WatchStore;
  readonly log: Logger;
  /** By the ids of folders. */
  readonly files: FileWork;
}

/** Brings one recording from its folder to its transcripts. */
export interface TranscribeFound {
  /**
   * Makes a job of it; null once it is known under another name. The id of the job is on disk before the job, so that
   * after a crash it is found again.
   * @throws what keeps it from becoming a job now, such as `QUEUE_FULL`; nothing is left of it then
   */
  submit(folderId: string, rules: WatchRules, found: FoundRecording): Promise<Submitted | null>;
  /** What an earlier daemon, or an earlier try, has begun; null if nothing is left of its text, and some is to be written. */
  resume(recording: StoredRecording): Submitted | null;
  /** Waits for the job and writes its transcripts. @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`: then `resume` tries again */
  finish(submitted: Submitted, folder: Pick<StoredFolder, 'rules' | 'disks'>): Promise<void>;
  /** Says that nobody wants the transcripts of a recording any more. */
  letGo(seq: number): void;
  /** Ends what is under way for a recording: nothing more is written, and it is not moved. */
  giveUp(recording: Pick<StoredRecording, 'seq' | 'jobId'>): void;
}

export interface Submitted {
  readonly recording: StoredRecording;
  /** The job, or the transcript that it left; null where all is written and the recording only has to be moved. */
  readonly outcome: Job | Transcript | null;
}

interface Errand {
  isWanted: boolean;
}

/** How long a disk has to say whether a recording is there. */
const patienceMs = 2000;
/** Jobs that are not forgotten, since their texts have still to be written. */
const mostHeld = 1000;

export function createTranscribeFound({
  jobs,
  models,
  history,
  store,
  log,
  files,
}: TranscribeFoundRequest): TranscribeFound {
  /** What lets their jobs be forgotten, by the numbers of recordings. */
  const holds = new Map<number, () => void>();
  /** What is being finished, by the numbers of recordings, and whether somebody wants it. */
  const underWay = new Map<number, Errand>();

  function hold(seq: number, jobId: string): void {
    if (!holds.has(seq) && holds.size < mostHeld) holds.set(seq, jobs.hold(jobId));
  }

  function letGo(seq: number): void {
    holds.get(seq)?.();
    holds.delete(seq);
  }

  function giveUp({ seq, jobId }: Pick<StoredRecording, 'seq' | 'jobId'>): void {
    const errand = underWay.get(seq);
    if (errand !== undefined) errand.isWanted = false;
    letGo(seq);
    const job = jobId === null ? null : findJob(jobId);
    if (job !== null) jobs.cancel(job.id);
  }

  async function submit(folderId: string, rules: WatchRules, found: FoundRecording): Promise<Submitted | null> {
    const read = await files.run(folderId, async () => {
      if ((await findSameContent(store.alike(folderId, found), found)) !== undefined) return null;
      const content = await fingerprintOf(found);
      await access(found.path, constants.R_OK);
      return { fingerprint: content, disk: await diskOf(dirname(found.path)) };
    });
    if (read === null) return null;
    const { fingerprint, disk } = read;
    const { model, options } = await chooseModel(models, normalizeOptions(rules.options));
    const place = jobs.takePlace({ client: 'watched folders', isFromNetwork: false, isAttended: false });
    const jobId = randomUUID();
    const seq = store.addSubmitted(folderId, { ...found, fingerprint, jobId, disk });
    hold(seq, jobId);
    try {
      const outcome = await place.submit({
        id: jobId,
        audioPath: found.path,
        uploaded: false,
        name: basename(found.path),
        modelFolder: model.folder,
        options,
        priority: 'bulk',
        detached: true,
        kept: rules.history,
      });
      const { path, node, size, mtimeMs, ctimeMs } = found;
      const recording = {
        seq,
        folderId,
        path,
        node,
        size,
        mtimeMs,
        ctimeMs,
        fingerprint,
        state: 'submitted',
        jobId,
        plan: null,
        disk,
      } as const;
      return { recording, outcome };
    } catch (error) {
      store.forget(seq);
      letGo(seq);
      throw error;
    } finally {
      place.release();
    }
  }

  function resume(recording: StoredRecording): Submitted | null {
    const { seq, jobId, plan } = recording;
    if (plan?.outputs.length === 0) return { recording, outcome: null };
    const job = jobId === null ? null : findJob(jobId);
    if (job !== null) hold(seq, job.id);
    const outcome = job ?? (jobId === null ? null : history.find(jobId)?.result) ?? null;
    return outcome === null ? null : { recording, outcome };
  }

  function findJob(id: string): Job | null {
    try {
      return jobs.get(id);
    } catch {
      return null;
    }
  }

  async function finish(submitted: Submitted, folder: Pick<StoredFolder, 'rules' | 'disks'>): Promise<void> {
    const { seq } = submitted.recording;
    const errand = { isWanted: true };
    underWay.set(seq, errand);
    try {
      await finishWanted(submitted, folder, errand);
    } finally {
      underWay.delete(seq);
    }
  }

  async function finishWanted(
    { recording, outcome }: Submitted,
    folder: Pick<StoredFolder, 'rules' | 'disks'>,
    errand: Errand,
  ): Promise<void> {
    const { seq, folderId, jobId } = recording;
    const transcript = outcome !== null && 'events' in outcome ? await transcriptOf(outcome) : outcome;
    if (!errand.isWanted) return;
    if (
      (outcome !== null && 'events' in outcome && (await isAway(outcome, folderId))) ||
      (await isReplaced(recording))
    ) {
      // Its owner has moved it, renamed it or put its disk away: wherever it turns up, it is found as a new one.
      store.forget(seq);
    } else if (transcript !== null && 'code' in transcript) {
      log.warn({ jobId, code: transcript.code }, 'recording of a watched folder failed');
      store.setFailed(seq, transcript);
    } else {
      const isWritten = await files.run(folderId, () => write(recording, folder, { transcript, errand }));
      if (isWritten) store.setDone(seq);
      else store.setFailed(seq, transcriptGone());
    }
    letGo(seq);
  }

  /** Whether a recording was gone from its place when its turn came, or its disk silent. */
  async function isAway({ error, audioPath }: Job, folderId: string): Promise<boolean> {
    if (error?.code !== 'FILE_NOT_FOUND') return false;
    const look = files.run(folderId, () => lstat(audioPath), patienceMs);
    return look.then(
      () => false,
      () => true,
    );
  }

  /** Whether another recording has its name before anything of its text is written: whose text it is nobody knows. */
  async function isReplaced(recording: StoredRecording): Promise<boolean> {
    const { path, node, plan, folderId } = recording;
    if (plan !== null) return false;
    const look = files.run(folderId, async () => {
      const now = await lstat(path);
      return nodeOf(now) !== node && (await findSameContent([recording], { path, size: now.size })) === undefined;
    });
    return look.catch(() => false);
  }

  async function transcriptOf(job: Job): Promise<Transcript | WireError> {
    const end = job.endedAt === null ? await job.ended : null;
    if (job.error !== null) return job.error;
    if (job.state === 'cancelled') return toWireError(new HearthError('JOB_CANCELLED', 'Its job was cancelled.'));
    return (end?.type === 'job-done' ? end.result : textOf(job.id, job)) ?? transcriptGone();
  }

  /** Whether somebody has deleted a text while it waited to be written. */
  function isDeleted({ jobId }: StoredRecording): boolean {
    return jobId !== null && textOf(jobId, findJob(jobId)) === null;
  }

  /** The text of a job, with the job or in the history; null once it is nowhere. */
  function textOf(id: string, job: Job | null): Transcript | null {
    return job?.result ?? history.find(id)?.result ?? null;
  }

  /** Writes what is left of the plan, for which there is a transcript, and moves the recording. False for a text that is deleted. */
  async function write(
    recording: StoredRecording,
    folder: Pick<StoredFolder, 'rules' | 'disks'>,
    { transcript, errand }: { readonly transcript: Transcript | null; readonly errand: Errand },
  ): Promise<boolean> {
    const { seq, path } = recording;
    const { rules } = folder;
    await requireDisks(recording, folder);
    let plan = recording.plan ?? (await planTranscripts(path, rules));
    store.setPlan(seq, plan);
    // Not the day on which it is written: after a restart the same must be written again.
    const origin = { name: basename(path), createdAt: new Date(recording.mtimeMs) };
    for (;;) {
      const [output, ...others] = plan.outputs;
      if (!errand.isWanted) return true;
      if (output === undefined || transcript === null) break;
      if (isDeleted(recording)) return false;
      try {
        await writeTranscript(output, { recording: path, transcript, options: rules.options, origin });
        // What was written below a disk that went away meanwhile is written again.
        await requireDisks(recording, folder);
        // Its owner may have changed or moved it by the time when what is left is tried again.
        plan = { ...plan, outputs: others };
      } catch (error) {
        if (!isTaken(error, output.path)) throw error;
        // Somebody took the name since it was chosen.
        const formats = plan.outputs.map(({ format }) => format);
        plan = { ...plan, outputs: (await planTranscripts(path, { ...rules, formats })).outputs };
      }
      store.setPlan(seq, plan);
    }
    if (plan.movedTo !== null) await moveRecording(recording, plan.movedTo);
    return true;
  }

  return { submit, resume, finish, letGo, giveUp };
}

/** Why a recording fails whose text nobody has any more, before all of it is written. */
export function transcriptGone(): WireError {
  return toWireError(
    new HearthError('JOB_NOT_FOUND', 'Its text was deleted before its transcripts were written.', {
      hint: '`hearth watch retry` transcribes it again.',
    }),
  );
}

/** A file in the place of the folder is no name that is taken. */
function isTaken(error: unknown, path: string): boolean {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException & { readonly dest?: string } };
  return cause?.code === 'EEXIST' && cause.syscall !== 'mkdir' && [cause.path, cause.dest].includes(path);
}
