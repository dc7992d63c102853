/** Sound that can be read again from a place not long ago. */
export interface ReplayedSound {
  /** From that byte on, to the end of the sound. One reader at a time. */
  from(offset: number): AsyncGenerator<Uint8Array>;
  /** The first byte that is still there. */
  keptFrom(): number;
  /** Gives up the source. */
  close(): Promise<void>;
}

/** More than the system and both processes hold of what is under way. */
const keptBytes = 8 * 1024 * 1024;

export function replaySound(audio: AsyncIterable<Uint8Array>): ReplayedSound {
  const source = audio[Symbol.asyncIterator]();
  let pieces: { readonly start: number; readonly bytes: Uint8Array }[] = [];
  let end = 0;
  let isDone = false;
  let pulling: Promise<void> | null = null;

  /** A reader that has gone may have asked already: what it would have got is kept. */
  function pull(): Promise<void> {
    pulling ??= source
      .next()
      .then((next) => {
        if (next.done === true) isDone = true;
        else keep(next.value);
      })
      .finally(() => {
        pulling = null;
      });
    return pulling;
  }

  function keep(bytes: Uint8Array): void {
    pieces.push({ start: end, bytes });
    end += bytes.length;
    pieces = pieces.filter(({ start, bytes: { length } }) => start + length > end - keptBytes);
  }

  return {
    async *from(offset) {
      for (let place = offset; ; ) {
        const piece = pieces.find(({ start, bytes }) => start <= place && place < start + bytes.length);
        if (piece !== undefined) {
          const rest = piece.bytes.subarray(place - piece.start);
          place += rest.length;
          yield rest;
        } else if (isDone) return;
        else await pull();
      }
    },
    keptFrom: () => pieces[0]?.start ?? 0,
    async close() {
      await source.return?.();
    },
  };
}
