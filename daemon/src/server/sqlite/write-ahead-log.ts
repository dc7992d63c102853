/** https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32;
const frameHeaderBytes = 24;

/** The contents of a log beside a database. */
export interface WriteAheadLog {
  /** The newest committed version of each page, by page number. */
  readonly pages: ReadonlyMap<number, Buffer>;
  /** Pages of damaged frames without a newer version. Their numbers may be wrong. */
  readonly strays: readonly Buffer[];
  /** Whether damage comes before later commits: SQLite ignores all of those without an error. */
  readonly isBroken: boolean;
}

interface Frame {
  readonly page: number;
  readonly isCommit: boolean;
  readonly content: Buffer;
  readonly isSound: boolean;
}

/** Two words carried through the whole log. */
type Checksum = readonly [number, number];

/** Reads a log past its damage: each frame is checked against the checksum of the one before it. */
export function readWriteAheadLog(log: Buffer, pageBytes: number): WriteAheadLog {
  const pages = new Map<number, Buffer>();
  const strays = new Map<number, Buffer>();
  let transaction: Frame[] = [];
  let isDamaged = false;
  let isBroken = false;
  const commit = () => {
    for (const { page, content, isSound } of transaction) {
      if (isSound) strays.delete(page);
      (isSound ? pages : strays).set(page, content);
    }
    transaction = [];
  };
  for (const frame of framesOf(log, pageBytes)) {
    transaction.push(frame);
    isDamaged ||= !frame.isSound;
    if (!frame.isCommit || !frame.isSound) continue;
    isBroken ||= isDamaged;
    commit();
  }
  // It is no longer known whether these were committed; without a damaged frame they were not.
  if (transaction.some(({ isSound }) => !isSound)) commit();
  return { pages, strays: [...strays.values()], isBroken };
}

/** Those since the log was last restarted, which have the same salts. */
function framesOf(log: Buffer, pageBytes: number): readonly Frame[] {
  const frameBytes = frameHeaderBytes + pageBytes;
  const count = Math.max(0, Math.floor((log.length - headerBytes) / frameBytes));
  const slots = Array.from({ length: count }, (_, index) =>
    log.subarray(headerBytes + index * frameBytes, headerBytes + (index + 1) * frameBytes),
  );
  if (count === 0) return [];
  const header = checksum([0, 0], log.subarray(0, headerBytes - 8));
  const isHeaderSound = areEqual(header, storedAt(log, headerBytes - 8));
  const salts = isHeaderSound ? log.subarray(16, 24) : slots[0]?.subarray(8, 16);
  const isOfNow = (slot: Buffer) => salts !== undefined && slot.subarray(8, 16).equals(salts);
  const last = slots.findLastIndex(isOfNow);
  let before: Checksum | null = isHeaderSound ? header : null;
  return slots.slice(0, last + 1).map((slot) => {
    const content = slot.subarray(frameHeaderBytes);
    const begun: Checksum | null = before === null ? null : checksum(before, slot.subarray(0, 8));
    before = storedAt(slot, 16);
    const isSound = isOfNow(slot) && begun !== null && areEqual(checksum(begun, content), before);
    return { page: slot.readUInt32BE(0), isCommit: slot.readUInt32BE(4) > 0, content, isSound };
  });
}

/** In the byte order of every machine that Hearth runs on; a log states its own. */
function checksum([first, second]: Checksum, bytes: Buffer): Checksum {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let [a, b] = [first, second];
  for (let index = 0; index < words.length; index += 2) {
    a = (a + (words[index] ?? 0) + b) >>> 0;
    b = (b + (words[index + 1] ?? 0) + a) >>> 0;
  }
  return [a, b];
}

function storedAt(bytes: Buffer, offset: number): Checksum {
  return [bytes.readUInt32BE(offset), bytes.readUInt32BE(offset + 4)];
}

function areEqual(a: Checksum, b: Checksum): boolean {
  return a[0] === b[0] && a[1] === b[1];
}
