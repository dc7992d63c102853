import Type from 'typebox';
import { Value } from 'typebox/value';
import { HearthError } from '../../errors/hearth-error.ts';

/** 16 MiB of sound as base64, and what is around it; larger recordings are named by their path. */
const mostFrameBytes = 24 * 1024 * 1024;
const formFeed = 0x0c;

const FrameSchema = Type.Object({ type: Type.String(), data: Type.Optional(Type.Unknown()) });

/** An event as node-ipc sends it. */
export interface Frame {
  readonly type: string;
  readonly data: unknown;
}

/** Cuts bytes into frames: JSON with a form feed behind it. @throws `REQUEST_INVALID` for anything else */
export function createFrameReader(mostBytes = mostFrameBytes): (bytes: Buffer) => readonly Frame[] {
  let pieces: Buffer[] = [];
  let size = 0;
  return (bytes) => {
    const frames: Frame[] = [];
    let from = 0;
    for (let end = bytes.indexOf(formFeed); end !== -1; end = bytes.indexOf(formFeed, from)) {
      pieces.push(bytes.subarray(from, end));
      requireSize(size + end - from, mostBytes);
      frames.push(parse(Buffer.concat(pieces).toString()));
      [pieces, size, from] = [[], 0, end + 1];
    }
    if (from < bytes.length) pieces.push(bytes.subarray(from));
    size += bytes.length - from;
    requireSize(size, mostBytes);
    return frames;
  };
}

function parse(text: string): Frame {
  try {
    const frame: unknown = JSON.parse(text);
    if (Value.Check(FrameSchema, frame)) return { type: frame.type, data: frame.data };
  } catch {
    // The same.
  }
  throw new HearthError('REQUEST_INVALID', 'Expected {"type", "data"} and a form feed, got something else.');
}

function requireSize(size: number, mostBytes: number): void {
  if (size <= mostBytes) return;
  throw new HearthError('REQUEST_INVALID', `Expected messages of at most ${mostBytes} bytes, got a longer one.`, {
    hint: 'Send the path of the recording instead of its bytes.',
  });
}
