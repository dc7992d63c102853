import { createReadStream } from 'node:fs';
import { transcribe } from '../../daemon/src/client/transcriptions.ts';
import { startDaemon } from '../../test/e2e/support/start-daemon.ts';
import { pathOf } from '../../test/engine/fork-engine.ts';

/** `node bench/durability/overhead.ts [requests]`: what a daemon adds to the engine's own time for a clip of 5 s. */
const [requests = 50] = process.argv.slice(2).map(Number);
const clip = pathOf('test/fixtures/audio/librispeech_1089-134691-0001.flac');
const daemon = await startDaemon();
const overheadsMs: number[] = [];
const walls: number[] = [];
for (let index = 0; index < requests + 3; index++) {
  const startedAt = performance.now();
  const recording = { audio: createReadStream(clip), byteCount: null };
  const { timings } = await transcribe(daemon, { ...recording, options: { language: 'en' } });
  const wallMs = performance.now() - startedAt;
  // Nothing is warm for the first ones.
  if (index < 3) continue;
  overheadsMs.push(wallMs - timings.total * 1000);
  walls.push(wallMs);
}
await daemon.stop();
console.log({
  requests,
  medianOverheadMs: at(overheadsMs, 0.5),
  p95OverheadMs: at(overheadsMs, 0.95),
  medianWallMs: at(walls, 0.5),
});

function at(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(2));
}
