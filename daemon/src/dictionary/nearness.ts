import { doubleMetaphone } from 'double-metaphone';
import leven from 'leven';

/** A word or some words as they are compared. */
export interface Sounding {
  /** As `lettersOf` writes them. */
  readonly letters: string;
  /** What they may sound like; none in scripts whose letters are their sounds. */
  readonly sounds: readonly string[];
  readonly digits: string;
}

/** How near two words are, each from 0 to 1. */
export interface Nearness {
  readonly spelled: number;
  readonly sounded: number;
}

const latin = /^[\p{sc=Latin}\p{N}]+$/u;

export function soundingOf(letters: string): Sounding {
  const digits = letters.replaceAll(/\P{N}/gu, '');
  if (!latin.test(letters)) return { letters, sounds: [], digits };
  const sounds = doubleMetaphone(letters.replaceAll(/\p{N}/gu, ''));
  return { letters, sounds: [...new Set(sounds)].filter((sound) => sound !== ''), digits };
}

/** What has other digits is nothing near. */
export function nearnessOf(one: Sounding, other: Sounding): Nearness {
  if (one.digits !== other.digits) return { spelled: 0, sounded: 0 };
  const spelled = similarity(one.letters, other.letters);
  const pairs = one.sounds.flatMap((sound) => other.sounds.map((theirs) => similarity(sound, theirs)));
  return { spelled, sounded: pairs.length === 0 ? spelled : Math.max(...pairs) };
}

function similarity(one: string, other: string): number {
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 1 : 1 - leven(one, other) / longest;
}
