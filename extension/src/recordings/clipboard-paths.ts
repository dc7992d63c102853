import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Clipboard } from "@raycast/api";
import { userHome } from "../daemon/socket-path";

/**
 * Paths of the files on the clipboard. A file that was copied in Finder arrives as a file, or as HTML that links to it;
 * a path may also have been copied as text, one a line.
 */
export async function clipboardPaths(): Promise<string[]> {
  const { file, html, text } = await Clipboard.read();
  const candidates = [
    ...(file === undefined ? [] : [file]),
    ...linkedFiles(html ?? ""),
    ...(text ?? "").split(/\r?\n/).map((line) => unquote(line.trim())),
  ];
  return [...new Set(candidates.map(toPath).filter((path) => path !== null && existsSync(path)))] as string[];
}

function linkedFiles(html: string): string[] {
  const links = html.matchAll(/\b(?:href|src)\s*=\s*(?:"(file:[^"]*)"|'(file:[^']*)')/gi);
  return [...links].map(([, doubleQuoted, singleQuoted]) =>
    (doubleQuoted ?? singleQuoted ?? "").replaceAll("&amp;", "&"),
  );
}

function unquote(line: string): string {
  return /^(['"])(.*)\1$/.exec(line)?.[2] ?? line;
}

function toPath(candidate: string): string | null {
  if (candidate.startsWith("~/")) return join(userHome(), candidate.slice(2));
  if (!candidate.startsWith("file:")) return isAbsolute(candidate) ? candidate : null;
  try {
    return fileURLToPath(candidate);
  } catch {
    return null;
  }
}
