import { statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { userHome } from "../daemon/socket-path";
import { splitShellWords } from "./split-shell-words";

const maxLines = 2000;
const maxPaths = 500;
const maxLineCharacters = 20_000;

/**
 * Paths of the files that a text names, one or several a line, as people's programs write them: plain, with spaces
 * escaped for a shell, in quotation marks, as `file:` URLs, from `~`. Folders are left out, since a text may name one as
 * large as the disk without meaning all that is in it.
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

/** A whole line is one path where there is such a file, since a plain path may have spaces in it. */
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

/** Where plain paths with spaces stand beside each other, each begins after a space. */
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
    // A name may also hold a bare # or ?, which a URL would end at.
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
    // Such as a name that is too long, or a folder that may not be looked into.
    return false;
  }
}
