import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { Clipboard } from "@raycast/api";
import { pathsInText } from "./paths-in-text";

/**
 * Paths on the clipboard. A copy from Finder arrives as a file, or as HTML that links to it, and may be a folder. Paths
 * may also be copied as text, which can only name files.
 */
export async function clipboardPaths(): Promise<string[]> {
  const { file, html, text } = await Clipboard.read();
  const copied = [...(file === undefined ? [] : [file]), ...linkedFiles(html ?? "")].map(toPath);
  const existing = copied.filter((path) => path !== null && existsSync(path)) as string[];
  return [...new Set([...existing, ...pathsInText(text ?? "")])];
}

function linkedFiles(html: string): string[] {
  const links = html.matchAll(/\b(?:href|src)\s*=\s*(?:"(file:[^"]*)"|'(file:[^']*)')/gi);
  return [...links].map(([, doubleQuoted, singleQuoted]) =>
    (doubleQuoted ?? singleQuoted ?? "").replaceAll("&amp;", "&"),
  );
}

function toPath(candidate: string): string | null {
  if (!/^file:/i.test(candidate)) return isAbsolute(candidate) ? candidate : null;
  try {
    return fileURLToPath(candidate);
  } catch {
    return null;
  }
}
