import type { EngineEvent } from '../protocol/engine-messages.ts';

/** Often enough to be read along, seldom enough to cost nothing. */
const intervalMs = 100;

/** Sends the text of a window while it is decoded, at most ten times a second. */
export function showPartials(
  jobId: string,
  send: (event: EngineEvent) => void,
  nowMs: () => number = () => performance.now(),
): (partial: { readonly text: string; readonly startSeconds: number; readonly speaker?: string }) => void {
  let sentMs = Number.NEGATIVE_INFINITY;
  return (partial) => {
    if (nowMs() - sentMs < intervalMs) return;
    sentMs = nowMs();
    send({ type: 'text-partial', jobId, ...partial });
  };
}
