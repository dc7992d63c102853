import type { Readable } from 'node:stream';

export interface SpoolLimits {
  readonly maxUploadBytes: number;
  readonly minFreeDiskBytes: number;
  readonly uploadIdleSeconds: number;
}

export interface Upload {
  readonly body: Readable;
  /** What the client said it would send; null when it did not say. */
  readonly announcedBytes: number | null;
  /** Whether it has to outlive the machine's power. */
  readonly durable: boolean;
  /** Whether it leaves some of the disk's room to those who wait at this computer for their text. */
  readonly leavesReserve: boolean;
}

export interface SpooledUpload {
  readonly path: string;
  readonly byteCount: number;
}

/** What is known of uploads when the daemon starts. */
export interface KnownUploads {
  /** Those of jobs that have not ended. */
  readonly wanted: ReadonlySet<string>;
  /** Those of jobs whose end promises that they are kept. */
  readonly kept: ReadonlySet<string>;
  /** Those of others that have ended. */
  readonly done: ReadonlySet<string>;
  /** Whether jobs were lost that may have had others. */
  readonly isIncomplete: boolean;
}

/** Uploads on their way to the engine: files that only their owner reads, gone when their job ends. */
export interface Spool {
  /**
   * Puts an upload where its owner finds it, for good when this resolves: its job fails for what the recording is not to blame
   * for. Where it is now; null for one that is nowhere.
   */
  keepAsLost(path: string): Promise<string | null>;
  /** Where the upload of a job is, which an earlier daemon has perhaps put there. */
  find(path: string): Promise<string>;
  /**
   * Removes uploads that a daemon before this one left, but for those of jobs that it promised. One that was promised and
   * has no job any more is moved to where its owner finds it. Nothing else is touched.
   */
  sweep(known: KnownUploads): Promise<void>;
  /** Says that a job with this upload was promised. */
  markAsPromised(path: string): Promise<void>;
  /** Recordings whose jobs were lost, and where they are. */
  warnings(): readonly string[];
  /** @throws `AUDIO_TOO_LARGE`, `DISK_FULL`, `HOME_NOT_WRITABLE` for an upload that says beforehand how long it is */
  requireRoomFor(byteCount: number, leavesReserve: boolean): Promise<void>;
  /**
   * Streams an upload into a file, never into memory; on disk for good when this resolves, where it has to outlive the
   * process. Whatever goes wrong, no file is left.
   * @throws `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `BODY_INCOMPLETE`, `DISK_FULL`, `HOME_NOT_WRITABLE`
   */
  receive(upload: Upload): Promise<SpooledUpload>;
  /**
   * Takes a file that a client has put into the spool itself, under a name of `randomUUID`, as an upload: a copy-on-write
   * clone moves no bytes and needs no permission for the folder of the original. Null for a path that is no such file.
   * @throws `REQUEST_INVALID` for an upload that a job has already, `AUDIO_EMPTY`, `AUDIO_TOO_LARGE`, `HOME_NOT_WRITABLE`
   */
  adopt(path: string, options: { readonly durable: boolean }): Promise<SpooledUpload | null>;
  /** Begins an upload whose sound is used while it still comes, with these bytes. @throws as `receive` */
  grow(firstBytes: Uint8Array, leavesReserve: boolean): Promise<GrowingUpload>;
  remove(path: string): Promise<void>;
}

/** An upload that is used while it grows. */
export interface GrowingUpload {
  readonly path: string;
  /** Bytes that may be read. */
  byteCount(): number;
  /** One at a time. @throws `DISK_FULL`, `AUDIO_TOO_LARGE`, `HOME_NOT_WRITABLE` */
  append(bytes: Uint8Array): Promise<void>;
  /** On disk for good when this resolves. */
  close(): Promise<void>;
}
