/**
 * Stands in for `osascript` that records the microphone: `osascript.mjs <voice> -l JavaScript -e <script> <path>`. As
 * AVAudioRecorder does, it writes a WAV file whose samples come after a chunk that fills 4096 bytes, and completes it when its
 * standard input has ended. With `none` for a voice there is no microphone.
 */
import { openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

const pieceBytes = 3200;
const samplesAt = 4096;
const [voice, ...values] = process.argv.slice(2);
const [language, name, flag, script, path, ...others] = values;
const isAsked = language === '-l' && name === 'JavaScript' && flag === '-e' && /AVAudioRecorder/.test(script);
if (!isAsked || path === undefined || others.length > 0) fail(`Expected a recorder's script and a path, got ${values}`);
if (voice === 'none') fail('execution error: Error: The microphone cannot be recorded. (-2700)');

const wav = readFileSync(voice);
const head = Buffer.alloc(samplesAt);
wav.copy(head, 0, 0, 36);
head.write('FLLR', 36, 'latin1');
head.writeUInt32LE(samplesAt - 8 - 44, 40);
head.write('data', samplesAt - 8, 'latin1');
const file = openSync(path, 'w');
writeSync(file, head);
let isEnding = false;
process.stdin.resume().on('end', () => {
  isEnding = true;
});
for (let at = 44; !isEnding; at += pieceBytes) {
  const piece = wav.subarray(at, at + pieceBytes);
  writeSync(file, piece.length > 0 ? piece : Buffer.alloc(pieceBytes));
  await delay(5);
}
writeSync(file, Buffer.from('last'));

function fail(reason) {
  console.error(reason);
  process.exit(1);
}
