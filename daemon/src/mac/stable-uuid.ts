import { createHash } from 'node:crypto';

/** An identifier that is always the same for the same key, so that regenerated files are identical. */
export function stableUuid(key: string): string {
  const digits = createHash('sha256').update(key).digest('hex').toUpperCase();
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `A${digits.slice(17, 20)}`];
  return [...parts, digits.slice(20, 32)].join('-');
}
