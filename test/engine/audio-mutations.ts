export interface Mutator {
  /** One of `files`, changed in one to four places. */
  next(): Buffer;
}

/** Changes that disks, networks, recorders and attackers make. The same seed gives the same changes. */
export function createMutator(files: readonly Buffer[], seed: number): Mutator {
  let state = seed >>> 0;
  /** A whole number below `limit` (mulberry32). */
  const pick = (limit: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, limit)) | 0;
  };
  const pickFile = () => files[pick(files.length)] as Buffer;
  /** Headers are where a reader can be led astray, so half of all places lie in the first 200 bytes. */
  const place = (bytes: Buffer) => (pick(2) === 0 ? pick(Math.min(200, bytes.length)) : pick(bytes.length));
  const piece = (bytes: Buffer) => {
    const start = place(bytes);
    return bytes.subarray(start, start + pick(2000));
  };
  const extremes = [0, 1, 3, 0x7f, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];

  const changes: readonly ((bytes: Buffer) => Buffer)[] = [
    (bytes) => {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[place(changed)] = pick(256);
      return changed;
    },
    (bytes) => {
      const changed = Buffer.from(bytes);
      const value = extremes[pick(extremes.length)] as number;
      const offset = place(changed);
      if (offset + 4 > changed.length) return changed;
      if (pick(2) === 0) changed.writeUInt32LE(value, offset);
      else changed.writeUInt32BE(value, offset);
      return changed;
    },
    (bytes) => bytes.subarray(0, place(bytes)),
    (bytes) => bytes.subarray(place(bytes)),
    (bytes) => {
      const start = place(bytes);
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + pick(3000))]);
    },
    (bytes) => {
      const start = place(bytes);
      return Buffer.concat([bytes.subarray(0, start), piece(pickFile()), bytes.subarray(start)]);
    },
    (bytes) => Buffer.concat([bytes, pickFile()]),
    (bytes) => Buffer.concat([bytes, Buffer.from(Array.from({ length: pick(9000) }, () => pick(256)))]),
    (bytes) => {
      const changed = Buffer.from(bytes);
      const start = place(changed);
      return changed.fill(pick(2) === 0 ? 0 : pick(256), start, Math.min(start + pick(3000), changed.length));
    },
  ];

  return {
    next() {
      let bytes = pickFile();
      for (let count = 1 + pick(4); count > 0; count--)
        bytes = (changes[pick(changes.length)] as (typeof changes)[0])(bytes);
      return bytes;
    },
  };
}
