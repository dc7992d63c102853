import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
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
import type { FoundRecording } from './found-recording.ts';
import { moveRecording } from './move-recording.ts';
import { findSameContent, fingerprintOf } from './recording-content.ts';
import type { StoredRecording, WatchStore } from './watch-store.ts';
import { planTranscripts, writeTranscript } from './write-transcripts.ts';

export interface TranscribeFoundRequest {
  readonly jobs: Pick<Jobs, 'takePlace' | 'get'>;
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
  /** A job that an earlier daemon, or an earlier try, has begun; null if nothing is left of it. */
  resume(recording: StoredRecording): Submitted | null;
  /** Waits for the job and writes its transcripts. @throws `OUTPUT_NOT_WRITABLE`, `DISK_FULL`: then `resume` tries again */
  finish(submitted: Submitted, rules: WatchRules): Promise<void>;
}

export interface Submitted {
  readonly recording: StoredRecording;
  /** The job, or the transcript that it left. */
  readonly outcome: Job | Transcript;
}

export function createTranscribeFound({
  jobs,
  models,
  history,
  store,
  log,
  files,
}: TranscribeFoundRequest): TranscribeFound {
  async function submit(folderId: string, rules: WatchRules, found: FoundRecording): Promise<Submitted | null> {
    const fingerprint = await files.run(folderId, async () => {
      if ((await findSameContent(store.alike(folderId, found), found)) !== undefined) return null;
      const content = await fingerprintOf(found);
      await access(found.path, constants.R_OK);
      return content;
    });
    if (fingerprint === null) return null;
    const { model, options } = await chooseModel(models, normalizeOptions(rules.options));
    const place = jobs.takePlace({ client: 'watched folders', isFromNetwork: false, isAttended: false });
    const jobId = randomUUID();
    const seq = store.addSubmitted(folderId, { ...found, fingerprint, jobId });
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
      const { path, node, size, mtimeMs } = found;
      const recording = {
        seq,
        folderId,
        path,
        node,
        size,
        mtimeMs,
        fingerprint,
        state: 'submitted',
        jobId,
        plan: null,
      } as const;
      return { recording, outcome };
    } catch (error) {
      store.forget(seq);
      throw error;
    } finally {
      place.release();
    }
  }

  function resume(recording: StoredRecording): Submitted | null {
    const { jobId } = recording;
    const outcome = jobId === null ? null : (findJob(jobId) ?? history.find(jobId)?.result ?? null);
    return outcome === null ? null : { recording, outcome };
  }

  function findJob(id: string): Job | null {
    try {
      return jobs.get(id);
    } catch {
      return null;
    }
  }

  async function finish({ recording, outcome }: Submitted, rules: WatchRules): Promise<void> {
    const transcript = 'events' in outcome ? await transcriptOf(outcome) : outcome;
    if ('code' in transcript) {
      log.warn({ jobId: recording.jobId, code: transcript.code }, 'recording of a watched folder failed');
      store.setFailed(recording.seq, transcript);
      return;
    }
    await files.run(recording.folderId, () => write(recording, rules, transcript));
    store.setDone(recording.seq);
  }

  async function transcriptOf(job: Job): Promise<Transcript | WireError> {
    const end = job.endedAt === null ? await job.ended : null;
    if (job.error !== null) return job.error;
    if (job.state === 'cancelled') return toWireError(new HearthError('JOB_CANCELLED', 'Its job was cancelled.'));
    const result = end?.type === 'job-done' ? end.result : (job.result ?? history.find(job.id)?.result);
    return result ?? toWireError(new HearthError('JOB_NOT_FOUND', 'Its transcript was deleted.'));
  }

  async function write(recording: StoredRecording, rules: WatchRules, transcript: Transcript): Promise<void> {
    const { seq, path } = recording;
    let plan = recording.plan ?? (await planTranscripts(path, rules));
    store.setPlan(seq, plan);
    // Not the day on which it is written: after a restart the same must be written again.
    const origin = { name: basename(path), createdAt: new Date(recording.mtimeMs) };
    const found = { recording: path, transcript, options: rules.options, origin };
    for (;;) {
      const [output, ...others] = plan.outputs;
      if (output === undefined) break;
      try {
        await writeTranscript(output, found);
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
  }

  return { submit, resume, finish };
}

/** A file in the place of the folder is no name that is taken. */
function isTaken(error: unknown, path: string): boolean {
  const { cause } = error as { readonly cause?: NodeJS.ErrnoException & { readonly dest?: string } };
  return cause?.code === 'EEXIST' && cause.syscall !== 'mkdir' && [cause.path, cause.dest].includes(path);
}
