import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { userHome } from "../daemon/socket-path";
import { splitShellWords } from "./split-shell-words";

const maxLines = 2000;
const maxPaths = 500;
const maxLineCharacters = 20_000;

/**
 * Paths of the files named in a text, one or several per line, the way programs write them: plain, with spaces escaped
 * for a shell, in quotation marks, as `file:` URLs, or from `~`. Folders are left out: a text may name one as large as
 * the disk without meaning everything in it.
 */
export function pathsInText(text: string): string[] {
  const found = new Set<string>();
  for (const line of text.split(/\r\n|\r|\n/, maxLines)) {
    if (line.length > maxLineCharacters || !mayNamePath(line)) continue;
    for (const path of pathsInLine(line)) found.add(path);
    if (found.size >= maxPaths) break;
  }
  return [...found].slice(0, maxPaths);
}

/** A whole line is one path if that file exists, because a plain path may contain spaces. */
function pathsInLine(line: string): string[] {
  for (const whole of [line, line.trim()]) {
    const path = fileNamed(whole);
    if (path !== null) return [path];
  }
  const words = splitShellWords(line.trim()).map(fileNamed);
  const pieces = line.trim().split(beforePath).map(fileNamed);
  const [inWords, inPieces] = [words, pieces].map((paths) => paths.filter((path) => path !== null));
  return (inWords ?? []).length >= (inPieces ?? []).length ? (inWords ?? []) : (inPieces ?? []);
}

/** If plain paths with spaces are next to each other, each starts after a space. */
const beforePath = /\s+(?=\/|~\/|file:)/;

function mayNamePath(line: string): boolean {
  return /^\s*['"<]?(\/|~|file:)/i.test(line);
}

function fileNamed(candidate: string): string | null {
  return spellings(candidate).find((path) => isAbsolute(path) && isFile(path)) ?? null;
}

function spellings(candidate: string): string[] {
  const bare = /^<(.*)>$/.exec(candidate)?.[1] ?? candidate;
  if (bare.startsWith("~/")) return [join(userHome(), bare.slice(2))];
  if (!/^file:/i.test(bare)) return bare.includes("%") ? [bare, ...decoded(bare)] : [bare];
  try {
    // A name may also contain a bare # or ?, which would end a URL.
    return [fileURLToPath(bare), ...decoded(bare.replace(/^file:(\/\/(localhost)?)?/i, ""))];
  } catch {
    return decoded(bare.replace(/^file:(\/\/(localhost)?)?/i, ""));
  }
}

function decoded(path: string): string[] {
  try {
    return [decodeURIComponent(path)];
  } catch {
    return [path];
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  } catch {
    // For example, the name is too long, or the folder cannot be read.
    return false;
  }
}
