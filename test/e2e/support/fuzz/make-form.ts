import type { Property } from './api-operations.ts';
import type { Choices } from './choices.ts';
import { hostileTexts } from './hostile-texts.ts';
import { validValue } from './schema-values.ts';
import { smallRecordings } from './small-recordings.ts';

const boundaries = ['x', '----WebKitFormBoundary7MA4YWxkTrZu0gW', 'a'.repeat(70), '--', '"quoted"', "'()+_,-./:=? "];
const moreNames = ['file', 'file[]', 'File', 'prompt[]', 'include[]', 'stream[0]', 'known_speaker_names[]', 'user'];

/** A form as OpenAI's clients send it, with parts that are wrong and boundaries that are not those of its header. */
export function makeForm(fields: readonly Property[], choices: Choices): { type: string; bytes: Buffer } {
  const { chance, one, some } = choices;
  const boundary = chance(0.8) ? (boundaries[1] as string) : one(boundaries);
  const parts = some(fields, 0, 4)
    .filter(({ name }) => name !== 'file')
    .map(({ name, schema }) => fieldPart(name, chance(0.8) ? String(validValue(schema, choices)) : one(hostileTexts)));
  if (chance(0.1)) parts.push(fieldPart(one([...moreNames, ...hostileTexts]), one(hostileTexts)));
  if (chance(0.9)) parts.splice(choices.below(parts.length + 1), 0, recordingPart(choices));
  if (chance(0.03)) parts.push(recordingPart(choices));
  const used = chance(0.95) ? boundary.replaceAll('"', '') : one(boundaries);
  const pieces = parts.flatMap((part) => [Buffer.from(`--${used}\r\n`), part, Buffer.from('\r\n')]);
  const end = chance(0.95) ? `--${used}--\r\n` : one(['', `--${used}`, `--${used}-`, '\r\n', '--']);
  const written = chance(0.97) ? `; boundary=${boundary}` : one(['', '; boundary=', '; boundary', '; charset=x']);
  return { type: `multipart/form-data${written}`, bytes: Buffer.concat([...pieces, Buffer.from(end)]) };
}

function fieldPart(name: string, value: string): Buffer {
  return Buffer.from(`Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`);
}

function recordingPart({ chance, one }: Choices): Buffer {
  const fileName = chance(0.8)
    ? '; filename="talk.wav"'
    : one(['', '; filename=""', "; filename*=UTF-8''%e2", '; filename="../../a"']);
  const type = chance(0.7)
    ? 'Content-Type: audio/wav\r\n'
    : one(['', 'Content-Type: application/json\r\n', 'Content-Type: \r\n']);
  const encoding = chance(0.05)
    ? one(['Content-Transfer-Encoding: base64\r\n', 'X: y\r\n'.repeat(300), 'no header\r\n'])
    : '';
  const head = `Content-Disposition: form-data; name="file"${fileName}\r\n${type}${encoding}\r\n`;
  return Buffer.concat([Buffer.from(head), one(smallRecordings)]);
}
