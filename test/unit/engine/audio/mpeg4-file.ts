import { writeFile } from 'node:fs/promises';

/** Writes an MPEG-4 file as the stand-in converters read it: samples, or a text that orders a failure. */
export async function writeMpeg4File(path: string, sound: Int16Array | string): Promise<void> {
  const payload = typeof sound === 'string' ? Buffer.from(sound) : Buffer.from(sound.buffer);
  await writeFile(path, Buffer.concat([box('ftyp', Buffer.from('M4A \0\0\0\0')), box('mdat', payload)]));
}

function box(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + content.length);
  header.write(name, 4, 'latin1');
  return Buffer.concat([header, content]);
}
