import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Block {
  /** `docs/cli.md:12`, the line of its fence. */
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** Why it is not run, from a comment right before it. */
  readonly notRun: string | null;
}

/** A line of a page's shell blocks, or a span of its text, that cannot run where tests run. */
export interface Mark {
  readonly place: string;
  readonly command: string;
  readonly reason: string;
}

export interface Page {
  readonly path: string;
  readonly blocks: readonly Block[];
  /** Spans of code in the text, with their places; line breaks in them are spaces. */
  readonly spans: readonly { readonly place: string; readonly text: string }[];
  readonly marks: readonly Mark[];
}

const fence = /^```(\w*)[^\n]*\n(.*?)^```$/gms;
const comment = /<!-- not run: (.*?) -->/gs;

/** README.md and the pages of docs/. */
export function readPages(root: string): readonly Page[] {
  const docs = readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true }).filter((name) =>
    name.endsWith('.md'),
  );
  return ['README.md', ...docs.map((name) => join('docs', name))].map((path) =>
    readPage(path, readFileSync(join(root, path), 'utf8')),
  );
}

/**
 * What a page wants to be typed. What cannot run is marked in its source, with the reason: `<!-- not run: reason -->` right
 * before a block, `<!-- not run: `command`: reason -->` anywhere for a line of a block or a span.
 */
export function readPage(path: string, source: string): Page {
  const placeOf = (index: number) => `${path}:${source.slice(0, index).split('\n').length}`;
  const comments = [...source.matchAll(comment)];
  const blocks = [...source.matchAll(fence)].map(({ index, 1: language = '', 2: text = '' }): Block => {
    const before = comments.find(
      (each) => source.slice(each.index + each[0].length, index).trim() === '' && each.index < index,
    );
    const reason = before?.[1] ?? '';
    return { place: placeOf(index), language, text, notRun: before && !reason.startsWith('`') ? reason : null };
  });
  const marks = comments.flatMap(({ index, 1: inside = '' }): readonly Mark[] => {
    const [, command, reason] = /^`([^`]+)`: (.+)$/s.exec(inside) ?? [];
    return command === undefined || reason === undefined ? [] : [{ place: placeOf(index), command, reason }];
  });
  // Blanked out and not cut, so that places stay right.
  const prose = source.replace(fence, blank).replace(/<!--.*?-->/gs, blank);
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(({ index, 1: text = '' }) => ({
    place: placeOf(index),
    text: text.replace(/\s+/g, ' ').replaceAll('\\|', '|'),
  }));
  return { path, blocks, spans, marks };
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
