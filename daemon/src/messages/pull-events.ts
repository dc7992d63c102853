import type { WireError } from '../errors/wire-error.ts';

/** One line of the stream that tells how a model is pulled; the last is `pull-done` or `pull-failed`. */
export type PullEvent =
  | { readonly type: 'pull-progress'; readonly receivedBytes: number; readonly totalBytes: number }
  | { readonly type: 'pull-done'; readonly name: string; readonly folder: string }
  | { readonly type: 'pull-failed'; readonly error: WireError };
