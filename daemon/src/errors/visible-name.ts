import { isUtf8 } from 'node:buffer';
import { visibleText } from './visible-text.ts';

/** A file's name as the system has it, for people; where it is no UTF-8, all but ASCII is escaped: `caf\xe9.wav`. */
export function visibleName(name: Uint8Array): string {
  const bytes = Buffer.from(name.buffer, name.byteOffset, name.byteLength);
  if (isUtf8(bytes)) return visibleText(bytes.toString());
  const escaped = (character: string) => `\\x${character.charCodeAt(0).toString(16)}`;
  return visibleText(bytes.toString('latin1').replace(/[\x80-\xff]/g, escaped));
}
