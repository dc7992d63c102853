/**
 * Stands in for a program that records the microphone to its standard output: `recorder.mjs <voice> <speed>`. It writes
 * the samples of the WAVE file `voice`, `speed` times as fast as they were spoken, and a quiet room from then on, until
 * SIGTERM ends it, which parec and arecord answer as it does. With `STAND_IN_BREAKS_AFTER` seconds it fails then, as when
 * the microphone is unplugged. With `none` for a voice there is no sound server.
 */
import { readFileSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const bytesPerSecond = 32_000;
const pieceBytes = 3200;
const [voice, speed] = process.argv.slice(2);
if (voice === 'none') fail('Connection failure: Connection refused');
const samples = readFileSync(voice).subarray(44);
const breaksAfterBytes = Number(process.env.STAND_IN_BREAKS_AFTER || Infinity) * bytesPerSecond;
process.on('SIGTERM', () => process.exit(0));

for (let at = 0; ; at += pieceBytes) {
  const piece = Buffer.alloc(pieceBytes);
  for (let sample = 0; sample < pieceBytes; sample += 2) piece.writeInt16LE((sample % 7) - 3, sample);
  samples.subarray(at, at + pieceBytes).copy(piece);
  writeSync(1, piece);
  if (at >= breaksAfterBytes) fail('Stream error: No such entity');
  await delay((pieceBytes / bytesPerSecond / Number(speed)) * 1000);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
