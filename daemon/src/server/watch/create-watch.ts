import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import type { WatchedFolder } from '../../protocol/watched-folders.ts';
import { toWireError, type WireError } from '../../protocol/wire-error.ts';
import { boundFileWork, notAnswering } from '../../settings/file-work.ts';
import { createFolderEvents, type FolderEvents } from './folder-events.ts';
import { type FolderScan, scanFolder } from './folder-scan.ts';
import type { FoundRecording } from './found-recording.ts';
import { createSettling, type Settling } from './settling.ts';
import type { StoredFolder, StoredRecording } from './stored-watch.ts';
import {
  createTranscribeFound,
  type Submitted,
  type TranscribeFoundRequest,
  transcriptGone,
} from './transcribe-found.ts';
import type { Watch } from './watch.ts';
import { folderError, prepareFolder } from './watch-folder.ts';

/** Jobs of watched folders that wait or run: enough for a GPU, and the queue stays free for others. */
const mostInFlight = 24;
const mostFailuresShown = 20;
/** Damaged entries that warnings name, however many there are. */
const mostDamagedNamed = 5;
const defaults = { settleMs: 10_000, rescanMs: 60_000, silentMs: 30_000 };
/** The threads for the files of all folders, so that a disk that is away leaves some to other folders and most to the daemon. */
const threads = { mostAtOnce: 6, mostInOnePlace: 2 };
/** How long adding a folder, and the end of the daemon, wait for a disk. */
const [addingMs, endingMs] = [60_000, 1000];

export interface WatchTimes {
  /** How long a file must stay as it is before it counts as whole. */
  readonly settleMs: number;
  /** How often folders are looked at without being told of a change. */
  readonly rescanMs: number;
  /** After how long a look at a folder that finds nothing more is told as a problem. */
  readonly silentMs: number;
}

export interface CreateWatchRequest extends Omit<TranscribeFoundRequest, 'files'> {
  readonly log: Logger;
  readonly times?: WatchTimes;
  readonly scanFolder?: typeof scanFolder;
}

interface Watched {
  folder: StoredFolder;
  readonly settling: Settling;
  readonly events: FolderEvents;
  scan: FolderScan | null;
  ready: FoundRecording[];
  problem: WireError | null;
  scanning: Promise<void> | null;
  /** The scan that is under way: whether it has a thread, and when it last found something. */
  look: { hasBegun: boolean; steppedMs: number } | null;
  isPumping: boolean;
  /** When the last scan ended. */
  scannedMs: number;
  /** When what could not be written was tried last. */
  retriedMs: number;
  /** The next scan, which comes earlier if something happens. */
  next: { readonly atMs: number; readonly timer: NodeJS.Timeout } | null;
}

/** Looks after watched folders: events tell when to look, and what is found in the folder and in the store decides. */
export function createWatch(request: CreateWatchRequest): Watch {
  const { store, log, times = defaults, scanFolder: scan = scanFolder } = request;
  const files = boundFileWork(threads);
  const adding = boundFileWork({ mostAtOnce: 2 });
  const work = createTranscribeFound({ ...request, files });
  const watched = new Map<string, Watched>();
  /** By the number of their recording. */
  const inFlight = new Map<number, Promise<void>>();
  /** By the number of their recording, too: of what something could not be written, and why. */
  const unwritten = new Map<number, { readonly folderId: string; readonly problem: WireError }>();
  const damaged = new Set(store.damagedFolders());
  let isStopping = false;

  function open(folder: StoredFolder): Watched {
    const each: Watched = {
      folder,
      settling: createSettling(times.settleMs, () => performance.now()),
      events: createFolderEvents(() => onEvent(each)),
      scan: null,
      ready: [],
      problem: null,
      scanning: null,
      look: null,
      isPumping: false,
      scannedMs: Number.NEGATIVE_INFINITY,
      retriedMs: Number.NEGATIVE_INFINITY,
      next: null,
    };
    watched.set(folder.id, each);
    return each;
  }

  /** The transcripts themselves are events: a folder in which much happens is looked at no more often than files settle. */
  function onEvent(each: Watched): void {
    lookLater(each, Math.max(0, each.scannedMs + times.settleMs - performance.now()));
  }

  /** Scans a folder after a while, unless a scan is to come earlier. */
  function lookLater(each: Watched, delayMs: number): void {
    if (isStopping || watched.get(each.folder.id) !== each) return;
    const atMs = performance.now() + delayMs;
    if (each.next !== null && each.next.atMs <= atMs) return;
    clearTimeout(each.next?.timer);
    each.next = { atMs, timer: setTimeout(() => begin(each), delayMs).unref() };
  }

  function begin(each: Watched): void {
    each.next = null;
    // One at a time: what happens during a scan is seen by the one after it.
    if (each.scanning !== null) {
      lookLater(each, times.settleMs);
      return;
    }
    each.scanning = scanNow(each).finally(() => {
      each.scanning = null;
      each.look = null;
      each.scannedMs = performance.now();
      lookLater(each, (each.scan?.growing ?? 0) > 0 ? Math.min(times.settleMs, times.rescanMs) : times.rescanMs);
    });
  }

  async function scanNow(each: Watched): Promise<void> {
    const { folder, settling, events } = each;
    try {
      const onStep = () => {
        each.look = { hasBegun: true, steppedMs: performance.now() };
      };
      each.look = { hasBegun: false, steppedMs: performance.now() };
      each.scan = await files.run(folder.id, () => {
        onStep();
        return scan({ folderId: folder.id, rules: folder.rules, store, settling, onStep });
      });
      each.look = null;
      if (isStopping) return;
      each.ready = [...each.scan.ready];
      events.use(each.scan.folders);
      each.problem = null;
      retryUnwritten(each);
      await pumpFolder(each);
    } catch (error) {
      if (!(error instanceof HearthError)) events.use([]);
      each.problem = toWireError(folderError(folder.rules.path, error));
    }
  }

  function retryUnwritten(each: Watched): void {
    // What was tried in the folder itself is an event, too.
    if (performance.now() - each.retriedMs < times.rescanMs) return;
    each.retriedMs = performance.now();
    // With their plans: what was written is not written again.
    for (const recording of store.unfinished()) {
      const { seq, folderId } = recording;
      if (folderId === each.folder.id && unwritten.has(seq) && !inFlight.has(seq)) resume(recording);
    }
  }

  /** Makes jobs of what is ready, as many as may be on their way. A disk that is away holds back its own folder alone. */
  async function pump(): Promise<void> {
    await Promise.all([...watched.values()].map(pumpFolder));
  }

  async function pumpFolder(each: Watched): Promise<void> {
    if (each.isPumping) return;
    each.isPumping = true;
    try {
      while (!isStopping && !each.folder.isPaused && inFlight.size < mostInFlight && !isFull(each)) {
        const found = each.ready.shift();
        if (found === undefined) break;
        await submit(each, found);
      }
    } finally {
      each.isPumping = false;
    }
  }

  /** Behind texts that cannot be written, recordings wait in their folder. */
  function isFull({ folder: { id } }: Watched): boolean {
    return running(id) >= mostInFlight;
  }

  function running(folderId: string): number {
    return store.count(folderId, 'submitted') + store.count(folderId, 'writing');
  }

  async function submit(each: Watched, found: FoundRecording): Promise<void> {
    const { id, rules } = each.folder;
    try {
      const submitted = await work.submit(id, rules, found);
      if (submitted === null) return;
      if (watched.get(id) === each) return follow(submitted);
      // Its folder was removed meanwhile.
      store.forget(submitted.recording.seq);
      work.giveUp(submitted.recording);
    } catch (error) {
      // A file that is gone or locked now; the next scan finds out.
      if ((error as NodeJS.ErrnoException).syscall !== undefined) return;
      // It waits in its folder. What is ready behind it would meet the same.
      each.ready = [];
      if ((error as HearthError).code !== 'SHUTTING_DOWN') each.problem = toWireError(error);
    }
  }

  function follow(submitted: Submitted): void {
    const { recording } = submitted;
    const { seq, folderId } = recording;
    const each = watched.get(folderId);
    if (each === undefined) return;
    const ended = work.finish(submitted, each.folder).then(
      () => void unwritten.delete(seq),
      (error: unknown) => {
        if (isStopping) return;
        if (watched.get(folderId) === undefined) return work.letGo(seq);
        const problem = toWireError(error);
        log.warn({ jobId: recording.jobId, code: problem.code }, 'transcript of a watched folder not written');
        unwritten.set(seq, { folderId, problem });
      },
    );
    inFlight.set(
      seq,
      ended.finally(() => {
        inFlight.delete(seq);
        if (!isStopping) void pump();
      }),
    );
  }

  function resume(recording: StoredRecording): void {
    const submitted = work.resume(recording);
    if (submitted !== null) {
      follow(submitted);
      return;
    }
    // Some of it may be written already, and nobody who deletes a text wants it back.
    if (recording.state === 'writing' || unwritten.has(recording.seq)) store.setFailed(recording.seq, transcriptGone());
    // There was no job yet: the next scan finds the recording as a new one.
    else store.forget(recording.seq);
    unwritten.delete(recording.seq);
    work.letGo(recording.seq);
  }

  function get(id: string): Watched {
    const each = watched.get(id);
    if (each !== undefined) return each;
    throw new HearthError('WATCH_NOT_FOUND', `No watched folder has the id ${shorten(id)}.`);
  }

  function problemOf(each: Watched): WireError | null {
    const { folder, problem } = each;
    return (
      silence(each) ??
      problem ??
      [...unwritten.values()].find(({ folderId }) => folderId === folder.id)?.problem ??
      null
    );
  }

  /** What keeps the scan that is under way, if it has found nothing for long. */
  function silence({ look: last, folder }: Watched): WireError | null {
    if (last === null || performance.now() - last.steppedMs < times.silentMs) return null;
    return toWireError(last.hasBegun ? folderError(folder.rules.path, notAnswering()) : othersSilent());
  }

  function describe(each: Watched): WatchedFolder {
    const { folder, scan: last, ready } = each;
    const { id, rules, isPaused, addedAtMs } = folder;
    const [done, failed] = [store.count(id, 'done'), store.count(id, 'failed')];
    const waiting = (last?.growing ?? 0) + ready.length;
    return {
      id,
      ...rules,
      isPaused,
      addedAt: new Date(addedAtMs).toISOString(),
      problem: problemOf(each),
      counts: { waiting, notDownloaded: last?.notDownloaded ?? 0, running: running(id), done, failed },
      failures: store.failures(id, mostFailuresShown),
    };
  }

  function close(each: Watched): void {
    clearTimeout(each.next?.timer);
    each.events.close();
    watched.delete(each.folder.id);
  }

  return {
    start() {
      const opened = store.folders().map(open);
      for (const recording of store.unfinished()) resume(recording);
      for (const each of opened) lookLater(each, 0);
    },
    list: () => [...watched.values()].map(describe),
    async add(asked) {
      const others = [...watched.values()].map((each) => each.folder);
      const { folder, earlier } = await adding
        .run('', () => prepareFolder(asked, others), addingMs)
        .catch((error: unknown) => {
          throw folderError(asked.path, error);
        });
      store.addFolder(folder, earlier);
      log.info({ folderId: folder.id }, 'folder watched');
      const each = open(folder);
      lookLater(each, 0);
      return describe(each);
    },
    remove(id) {
      const each = damaged.delete(id) ? null : get(id);
      const begun = store.unfinished().filter(({ folderId }) => folderId === id);
      store.removeFolder(id);
      if (each !== null) close(each);
      for (const recording of begun) {
        unwritten.delete(recording.seq);
        work.giveUp(recording);
      }
    },
    setPaused(id, isPaused) {
      const each = get(id);
      store.setPaused(id, isPaused);
      each.folder = { ...each.folder, isPaused };
      if (!isPaused) lookLater(each, 0);
      return describe(each);
    },
    retry(id) {
      const each = get(id);
      store.forgetFailed(id);
      lookLater(each, 0);
      return describe(each);
    },
    warnings: () => [
      ...[...watched.values()].flatMap((each) =>
        warningsOf(each.folder, {
          problem: problemOf(each),
          failed: store.count(each.folder.id, 'failed'),
          wrongNames: each.scan?.wrongNames ?? [],
        }),
      ),
      ...[...damaged].slice(0, mostDamagedNamed).map(damagedSentence),
    ],
    async stop() {
      isStopping = true;
      const open = [...watched.values()];
      for (const each of open) close(each);
      // One on a disk that does not answer would hold the daemon for as long.
      await Promise.race([
        Promise.all(open.map(({ scanning }) => scanning)),
        delay(endingMs, undefined, { ref: false }),
      ]);
    },
  };
}

function othersSilent(): HearthError {
  const hint = 'Connect them again, or remove their folders: `hearth watch remove`.';
  return new HearthError('FILE_NOT_PERMITTED', 'It is its turn when the disks of other watched folders answer.', {
    hint,
  });
}

function damagedSentence(id: string): string {
  return `A watched folder is skipped, since its entry is damaged: ${shorten(id)}. Remove it with \`hearth watch remove ${shorten(id)}\`, and add it again.`;
}

interface Troubles {
  readonly problem: WireError | null;
  readonly failed: number;
  readonly wrongNames: readonly string[];
}

function warningsOf({ rules: { path } }: StoredFolder, { problem, failed, wrongNames }: Troubles): readonly string[] {
  const [first] = wrongNames;
  const recordings = failed === 1 ? '1 recording' : `${failed} recordings`;
  const names = wrongNames.length === 1 ? '1 name is' : `${wrongNames.length} names are`;
  return [
    ...(first === undefined
      ? []
      : [`In the watched folder ${path}, ${names} not UTF-8, and left out: ${shorten(first, 300)}. Rename it.`]),
    ...(problem === null ? [] : [`The watched folder ${path} waits: ${problem.message} ${problem.hint}`.trim()]),
    ...(failed === 0 ? [] : [`In the watched folder ${path}, ${recordings} failed: \`hearth watch list\` says why.`]),
  ];
}
