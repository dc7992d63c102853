/**
 * Stands in for `afconvert` and `ffmpeg`: takes the arguments that each documents, reads an MPEG-4 file whose `mdat`
 * box holds plain 16-bit samples of 16 kHz, and writes them as a WAV file, to a path or to standard output as each does.
 * A `mdat` box of text orders a failure: `fail: MESSAGE`, `complain: MESSAGE`, `hang`, `outlive`, `flood` or `environment`.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';

const [program, ...given] = process.argv.slice(2);
const isFfmpeg = program === 'ffmpeg';
const { inputPath, outputPath } = program === 'afconvert' ? parseAfconvert(given) : parseFfmpeg(given);
const payload = readSound(inputPath);
const [order, message] = payload.subarray(0, 200).toString('latin1').split(': ');

switch (order) {
  case 'fail':
    fail(message);
    break;
  case 'hang':
    setInterval(() => {}, 1000);
    break;
  case 'outlive':
    // Holds the streams open when this process is killed.
    writeFileSync(message, String(spawn('sleep', ['600'], { detached: true, stdio: 'inherit' }).pid));
    setInterval(() => {}, 1000);
    break;
  case 'flood':
    writeWav(Buffer.alloc(0));
    setInterval(() => write(Buffer.alloc(1 << 20)), 5);
    break;
  case 'complain':
    complain(message);
    writeWav(Buffer.alloc(3200));
    break;
  case 'environment':
    fail(Object.keys(process.env).join(' '));
    break;
  default:
    writeWav(payload);
}

function write(bytes) {
  if (isFfmpeg) process.stdout.write(bytes);
  else appendFileSync(outputPath, bytes);
}

function complain(text) {
  process.stderr.write(isFfmpeg ? `[mov @ 0x5581] [error] ${text}\n` : `${text}\n`);
}

function parseAfconvert(words) {
  const [inputPath, outputPath] = words.slice(4);
  if (words.slice(0, 4).join(' ') !== '-f WAVE -d LEI16@16000' || words.length !== 6) fail(`Usage: ${words.join(' ')}`);
  return { inputPath, outputPath };
}

function parseFfmpeg(words) {
  const values = new Map();
  const flags = new Set();
  const rest = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (['-hide_banner', '-nostdin', '-nostats', '-copyts', '-vn', '-sn', '-dn'].includes(word)) flags.add(word);
    else if (word.startsWith('-')) values.set(word, [...(values.get(word) ?? []), words[++index]]);
    else rest.push(word);
  }
  const wanted = {
    '-ar': '16000',
    '-c:a': 'pcm_s16le',
    '-f': 'mov wav',
    '-loglevel': 'level+verbose',
    '-protocol_whitelist': 'file',
    '-format_whitelist': 'mov',
    '-enable_drefs': '0',
  };
  for (const [name, value] of Object.entries(wanted)) {
    if (values.get(name)?.join(' ') !== value) fail(`Option ${name}: ${values.get(name)}`);
  }
  if (!flags.has('-nostdin') || rest.join(' ') !== 'pipe:1') fail(`Unexpected arguments: ${words.join(' ')}`);
  return { inputPath: withoutProtocol(values.get('-i')?.[0]) };
}

function withoutProtocol(url) {
  if (!url?.startsWith('file:/')) fail(`Not an absolute file URL: ${url}`);
  return url.slice('file:'.length);
}

function readSound(path) {
  const file = readFileSync(path);
  for (let offset = 0; offset + 8 <= file.length; ) {
    const length = file.readUInt32BE(offset);
    if (file.toString('latin1', offset + 4, offset + 8) === 'mdat') return file.subarray(offset + 8, offset + length);
    offset += Math.max(length, 8);
  }
  return fail('moov atom not found');
}

function writeWav(samples) {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16000, 24);
  header.writeUInt32LE(32000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  if (!isFfmpeg) writeFileSync(outputPath, '');
  write(Buffer.concat([header, samples]));
}

function fail(text) {
  complain(text);
  process.exit(1);
}
