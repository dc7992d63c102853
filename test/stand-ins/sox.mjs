/**
 * Stands in for `sox` that records the microphone: `sox.mjs <voice> <speed> <sox's arguments…>`. It writes the samples
 * of the WAVE file `voice`, `speed` times as fast as they were spoken, and silence from then on. As sox 14.4 does, it
 * leaves the lengths in the head open until SIGTERM ends it. With `none` for a voice there is no microphone, and after
 * `STAND_IN_BREAKS_AFTER` seconds of voice it is unplugged.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const headBytes = 44;
const bytesPerSecond = 32_000;
const pieceSeconds = 0.1;
const openLength = 0x7ffff000;
const usage = '-q --buffer 4096 -d -r 16000 -c 1 -b 16 -e signed-integer PATH trim 0 SECONDS'.split(' ');

const [voice, speed, ...args] = process.argv.slice(2);
const path = args[usage.indexOf('PATH')];
const limitSeconds = Number(args[usage.indexOf('SECONDS')]);
if (args.length !== usage.length || usage.some((word, at) => word !== args[at] && !/^[A-Z]+$/.test(word))) {
  fail(`Expected ${usage.join(' ')}, got ${args.join(' ')}`);
}
if (voice === 'none') fail('formats: can not open input `default`: no default audio device configured');

const recorded = readFileSync(voice);
const head = recorded.subarray(0, headBytes);
const samples = recorded.subarray(headBytes);
const limitBytes = limitSeconds * bytesPerSecond;
const breaksAfterBytes = Number(process.env.STAND_IN_BREAKS_AFTER || Infinity) * bytesPerSecond;
const file = openSync(path, 'w');
let isEnding = false;
process.on('SIGTERM', () => {
  isEnding = true;
});

let written = 0;
writeHead(openLength);
while (!isEnding && written < limitBytes) {
  const piece = Buffer.alloc(Math.min(pieceSeconds * bytesPerSecond, limitBytes - written));
  samples.subarray(written).copy(piece);
  written += writeSync(file, piece, 0, piece.length, headBytes + written);
  if (written >= breaksAfterBytes) fail('coreaudio: the device was disconnected');
  await delay((pieceSeconds * 1000) / Number(speed));
}
writeHead(written);
closeSync(file);

function writeHead(dataBytes) {
  head.writeUInt32LE(headBytes - 8 + dataBytes, 4);
  head.writeUInt32LE(dataBytes, headBytes - 4);
  writeSync(file, head, 0, headBytes, 0);
}

function fail(reason) {
  console.error(`sox FAIL ${reason}`);
  process.exit(2);
}
