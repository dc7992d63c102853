import { expect, test } from '@jest/globals';
import { showPartials } from '../../../daemon/src/engine/show-partials.ts';
import type { EngineEvent } from '../../../daemon/src/protocol/engine-messages.ts';

test('a growing text is shown ten times a second at most, the first at once', () => {
  const sent: EngineEvent[] = [];
  let nowMs = 0;
  const show = showPartials(
    'job',
    (event) => sent.push(event),
    () => nowMs,
  );
  for (const [atMs, text] of [
    [0, 'And'],
    [40, 'And so'],
    [110, 'And so my'],
    [120, 'And so my fellow'],
  ] as const) {
    nowMs = atMs;
    show({ startSeconds: 30, text });
  }
  expect(sent).toEqual([
    { type: 'text-partial', jobId: 'job', startSeconds: 30, text: 'And' },
    { type: 'text-partial', jobId: 'job', startSeconds: 30, text: 'And so my' },
  ]);
});
