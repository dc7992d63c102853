import { Transform } from 'node:stream';

const lineBreak = 0x0a;

/** Passes on whole lines of at most `mostBytes`. Of a longer one nothing is kept, and `onTooLong` hears of it once. */
export function boundLines(mostBytes: number, onTooLong: () => void): Transform {
  let pieces: Buffer[] = [];
  let size = 0;
  let isTooLong = false;

  function take(piece: Buffer): void {
    size += piece.length;
    if (size > mostBytes) pieces = [];
    else pieces.push(piece);
    if (size > mostBytes && !isTooLong) onTooLong();
    isTooLong = size > mostBytes;
  }

  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      let from = 0;
      for (let end = bytes.indexOf(lineBreak); end !== -1; end = bytes.indexOf(lineBreak, from)) {
        take(bytes.subarray(from, end + 1));
        if (!isTooLong) this.push(Buffer.concat(pieces));
        [pieces, size, isTooLong, from] = [[], 0, false, end + 1];
      }
      if (from < bytes.length) take(bytes.subarray(from));
      done();
    },
  });
}
