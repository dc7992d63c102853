import type { FileHandle } from 'node:fs/promises';
import type { AudioTrack } from './converter.ts';

/** What a QuickTime or MPEG-4 file says about itself. */
export interface Mpeg4File {
  /** Whether it keeps sound in other files, or hides where the sound is. */
  readonly refersElsewhere: boolean;
  readonly tracks: readonly AudioTrack[];
  /** The names of its top-level boxes, in order. The file may end inside the last one. */
  readonly boxes: readonly string[];
  readonly endsWithinBox: boolean;
}

/** A file with more has hours of fragments, or hides something among them. */
const mostBoxes = 100_000;
const containers = new Set(['moov', 'trak', 'mdia', 'minf', 'dinf', 'stbl']);
/** `rmra` lists other movies to play instead; `cmov` is a `moov` compressed with zlib. */
const hiding = new Set(['rmra', 'rmda', 'cmov']);
const selfContained = 1;
const trackEnabled = 1;
const longestTitle = 256;

interface Track {
  isSound: boolean;
  isEnabled: boolean;
  language: string | null;
  title: string | null;
  codec: string | null;
  refersElsewhere: boolean;
}

type Read = (position: number, length: number) => Promise<Buffer>;

interface Walk {
  readonly read: Read;
  readonly tracks: Track[];
  hides: boolean;
  /** The end of the last box according to its length. */
  lastEnd: number;
  boxCount: number;
}

/** Walks the boxes of a file; null if it does not begin with a box. */
export async function readMpeg4File(file: FileHandle): Promise<Mpeg4File | null> {
  const { size } = await file.stat();
  const walk: Walk = { read: readInBlocks(file), tracks: [], hides: false, lastEnd: 0, boxCount: 0 };
  const boxes = await walkBoxes(walk, 0, size);
  if (boxes.length === 0) return null;
  const sound = walk.tracks.filter(({ isSound }) => isSound);
  return {
    refersElsewhere: walk.hides || sound.some(({ refersElsewhere }) => refersElsewhere),
    tracks: sound.map(({ language, isEnabled, title, codec }, index) => {
      return { number: index + 1, language, isDefault: isEnabled, title, codec };
    }),
    boxes,
    endsWithinBox: walk.lastEnd > size,
  };
}

async function walkBoxes(walk: Walk, from: number, end: number, parent: string | null = null): Promise<string[]> {
  const names: string[] = [];
  for (let offset = from; offset + 8 <= end; ) {
    walk.boxCount += 1;
    if (walk.boxCount > mostBoxes) {
      walk.hides = true;
      break;
    }
    const header = await walk.read(offset, 16);
    const name = header.toString('latin1', 4, 8);
    if (header.length < 8) break;
    // Only the first name shows whether this is such a file. A strange name later on could hide what follows it.
    if (offset === 0 && !/^[\w ©-]{4}$/.test(name)) break;
    const { headerBytes, length } = measureBox(header, end - offset);
    if (length < headerBytes) break;
    names.push(name);
    await readBox(walk, { name, parent, start: offset + headerBytes, end: Math.min(offset + length, end) });
    offset += length;
    walk.lastEnd = offset;
  }
  return names;
}

/** Length 0 means up to the end; length 1 means that 64 bits after the name hold it. */
function measureBox(header: Buffer, left: number): { headerBytes: number; length: number } {
  const length = header.readUInt32BE(0);
  if (length === 0) return { headerBytes: 8, length: left };
  if (length !== 1 || header.length < 16) return { headerBytes: 8, length };
  return { headerBytes: 16, length: Number(header.readBigUInt64BE(8)) };
}

interface Box {
  readonly name: string;
  readonly parent: string | null;
  readonly start: number;
  readonly end: number;
}

async function readBox(walk: Walk, box: Box): Promise<void> {
  const { name, parent, start, end } = box;
  if (hiding.has(name)) walk.hides = true;
  if (name === 'trak') walk.tracks.push(newTrack());
  const track = walk.tracks.at(-1);
  // The movie has user data too; those of a track hold its name.
  if (containers.has(name) || (name === 'udta' && parent === 'trak')) await walkBoxes(walk, start, end, name);
  else if (track !== undefined) await readTrackBox(walk.read, track, box);
}

function newTrack(): Track {
  return { isSound: false, isEnabled: false, language: null, title: null, codec: null, refersElsewhere: false };
}

async function readTrackBox(read: Read, track: Track, { name, parent, start, end }: Box): Promise<void> {
  if (name === 'tkhd') track.isEnabled = ((await read(start, 4))[3] ?? 0) % 2 === trackEnabled;
  if (name === 'mdhd') track.language = languageOf(await read(start, 34));
  // If a track has two handlers, the first is the media's.
  if (name === 'hdlr') track.isSound ||= (await read(start, 12)).toString('latin1', 8, 12) === 'soun';
  if (name === 'stsd') track.codec ??= codecOf((await read(start, 16)).toString('latin1', 12, 16));
  if (name === 'name' && parent === 'udta')
    track.title ??= titleOf(await read(start, Math.min(end - start, longestTitle)));
  if (name === 'dref') track.refersElsewhere ||= await refersElsewhere(read, start, end);
}

/** ISO 639-2 in three times five bits, after the times and the length. QuickTime's own numbers are smaller. */
function languageOf(header: Buffer): string | null {
  const offset = header[0] === 1 ? 32 : 20;
  if (header.length < offset + 2) return null;
  const packed = header.readUInt16BE(offset);
  const code = [10, 5, 0].map((shift) => String.fromCharCode(((packed >> shift) & 31) + 0x60)).join('');
  return /^[a-z]{3}$/.test(code) && code !== 'und' ? code : null;
}

/** The names of samples are four letters; `mp4a` is what everybody calls AAC. */
function codecOf(sample: string): string | null {
  const name = sample.replace(/[^\w-]/g, '').toLowerCase();
  return name === 'mp4a' ? 'aac' : name === '' ? null : name;
}

function titleOf(bytes: Buffer): string | null {
  return bytes.toString('utf8').replaceAll('\0', '').trim() || null;
}

async function refersElsewhere(read: Read, start: number, end: number): Promise<boolean> {
  for (let offset = start + 8; offset + 12 <= end; ) {
    const header = await read(offset, 12);
    if (header.length < 12 || (header[11] ?? 0) % 2 !== selfContained) return true;
    offset += Math.max(header.readUInt32BE(0), 12);
  }
  return false;
}

/** Reads the file a page at a time: there may be thousands of boxes side by side. */
function readInBlocks(file: FileHandle): Read {
  const blockBytes = 4096;
  let block = Buffer.alloc(0);
  let blockStart = 0;
  return async (position, length) => {
    if (position < blockStart || position + length > blockStart + block.length) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, position);
      block = buffer.subarray(0, bytesRead);
      blockStart = position;
    }
    const offset = position - blockStart;
    return block.subarray(offset, offset + length);
  };
}
