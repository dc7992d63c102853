/** A file that is no recording but names one, with what names it in place of `target`. */
export interface ReferenceFile {
  readonly name: string;
  /** `target` is a path, a `file:` URL or an `http:` URL. */
  readonly bytes: (target: string) => Buffer;
  /** Whether ffmpeg, run without our arguments, opens the file that it names: shows that the file is a live one. */
  readonly isLive: boolean;
}

const dash = (target: string) =>
  `<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT11S" minBufferTime="PT1S"><Period id="0" start="PT0S"><AdaptationSet id="0" contentType="audio"><Representation id="0" mimeType="audio/mp4" codecs="mp4a.40.2" bandwidth="64000" audioSamplingRate="44100"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`;
const hls = (target: string) =>
  `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:11\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:11,\n${target}\n#EXT-X-ENDLIST\n`;
const hlsWithMap = (target: string) =>
  `#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:11\n#EXT-X-MAP:URI="${target}"\n#EXT-X-KEY:METHOD=AES-128,URI="${target}"\n#EXTINF:11,\n${target}\n#EXT-X-ENDLIST\n`;
const concat = (target: string) => `ffconcat version 1.0\nfile '${target}'\n`;
const imf = (target: string) =>
  `<?xml version="1.0"?><CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/2067-3/2016"><Id>urn:uuid:8713c020-2489-45f5-a9f7-87be539e20b5</Id><ContentTitle>${target}</ContentTitle><EditRate>24 1</EditRate></CompositionPlaylist>`;

/** Only one box's name does not make ffmpeg itself take the manifest for a movie. */
const boxes = ['wide', 'moov', 'mdat', 'ftypM4A ', 'ftypqt  '];

const texts: readonly (readonly [string, (target: string) => string, boolean])[] = [
  ['a DASH manifest', dash, true],
  ...boxes.map((name): readonly [string, (target: string) => string, boolean] => [
    `a DASH manifest that begins like a ${name.trim()} box`,
    (target) => `<!--${name}-->${dash(target)}`,
    name === 'wide',
  ]),
  ['an HLS playlist', hls, true],
  ['an HLS playlist with a map and a key', hlsWithMap, false],
  [
    'an HLS playlist of data URLs',
    (target) => hls(`data:application/x-mpegurl,${encodeURIComponent(hls(target))}`),
    false,
  ],
  ['an HLS playlist of a part of a file', (target) => hls(`subfile,,start,0,end,0,,:${target}`), false],
  ['an HLS playlist of a concatenation', (target) => hls(`concat:${target}|${target}`), false],
  ['a concat script', concat, true],
  [
    'an SDP description',
    () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
    false,
  ],
  ['an IMF composition playlist', imf, false],
  ['an IMF playlist that begins like a movie', (target) => `<!--wide-->${imf(target)}`, false],
  ['an M3U playlist', (target) => `${target}\n`, false],
  ['a PLS playlist', (target) => `[playlist]\nFile1=${target}\nNumberOfEntries=1\n`, false],
  [
    'an XSPF playlist',
    (target) => `<playlist version="1"><trackList><track><location>${target}</location></track></trackList></playlist>`,
    false,
  ],
  ['an ASX playlist', (target) => `<asx version="3.0"><entry><ref href="${target}"/></entry></asx>`, false],
  ['an ASF reference', (target) => `[Reference]\nRef1=${target}\n`, false],
  ['a SMIL presentation', (target) => `<smil><body><audio src="${target}"/></body></smil>`, false],
  ['an SRT subtitle', (target) => `1\n00:00:00,000 --> 00:00:09,000\n<font face="${target}">${target}</font>\n`, false],
  [
    'an ASS subtitle',
    (target) => `[Script Info]\nAudio File: ${target}\n\n[Events]\nDialogue: 0,0:00:00.00,0:00:09.00,,,0,0,0,,x\n`,
    false,
  ],
  [
    'a WebVTT subtitle',
    (target) => `WEBVTT\n\nSTYLE\n::cue { background: url(${target}) }\n\n00:00.000 --> 00:09.000\nx\n`,
    false,
  ],
  [
    'a VobSub index',
    () =>
      '# VobSub index file, v7 (do not modify this line!)\nsize: 720x576\nid: en, index: 0\ntimestamp: 00:00:00:000, filepos: 000000000\n',
    false,
  ],
  ['an MPSub script', (target) => `TITLE=x\nFILE=${target},AUDIO\nFORMAT=TIME\n0 9\nx\n`, false],
  ['a filter graph', (target) => `amovie=${target}`, false],
  ['an AviSynth script', (target) => `DirectShowSource("${target}")`, false],
  ['an FFmetadata file', (target) => `;FFMETADATA1\ntitle=${target}\n`, false],
  ['a cue sheet', (target) => `FILE "${target}" WAVE\n  TRACK 01 AUDIO\n    INDEX 01 00:00:00\n`, false],
];

/** One of every kind of container that names others, as far as converters know them, plain and in disguise. */
export const referenceFiles: readonly ReferenceFile[] = [
  ...texts.map(([name, write, isLive]) => ({ name, bytes: (target: string) => Buffer.from(write(target)), isLive })),
  {
    name: 'a QuickTime movie whose sound lies elsewhere (url)',
    bytes: (target) => movie('url ', Buffer.from(`${target}\0`)),
    isLive: false,
  },
  {
    name: 'a QuickTime movie whose sound lies elsewhere (alias)',
    bytes: (target) => movie('alis', alias(target)),
    isLive: false,
  },
  { name: 'a QuickTime movie that lists others', bytes: (target) => referenceMovie(target), isLive: false },
];

/** A movie of one sound track, whose second of 8 kHz sound is said to lie in another file. */
function movie(kind: 'url ' | 'alis', reference: Buffer): Buffer {
  const dref = box('dref', Buffer.concat([numbers(0, 1), box(kind, Buffer.concat([numbers(0), reference]))]));
  const sample = box('sowt', Buffer.concat([numbers(0), shorts(0, 1, 0, 0, 0, 0, 1, 16, 0, 0), numbers(8000 << 16)]));
  const table = box(
    'stbl',
    box('stsd', Buffer.concat([numbers(0, 1), sample])),
    box('stts', numbers(0, 1, 8000, 1)),
    box('stsc', numbers(0, 1, 1, 8000, 1)),
    box('stsz', numbers(0, 2, 8000)),
    box('stco', numbers(0, 1, 0)),
  );
  const media = box(
    'mdia',
    box('mdhd', Buffer.concat([numbers(0, 0, 0, 8000, 8000), shorts(0x55c4, 0)])),
    box('hdlr', Buffer.concat([numbers(0), Buffer.from('mhlrsoun'), numbers(0, 0, 0), Buffer.from([0])])),
    box('minf', box('smhd', numbers(0, 0)), box('dinf', dref), table),
  );
  const header = box('mvhd', Buffer.concat([numbers(0, 0, 0, 8000, 8000, 0x10000), Buffer.alloc(76)]));
  const trackHeader = box('tkhd', Buffer.concat([numbers(1, 0, 0, 1, 0, 8000), Buffer.alloc(60)]));
  return Buffer.concat([
    box('ftyp', Buffer.from('qt  \0\0\0\0qt  ')),
    box('moov', header, box('trak', trackHeader, media)),
    box('mdat', Buffer.alloc(16)),
  ]);
}

function referenceMovie(target: string): Buffer {
  const url = Buffer.from(`${target}\0`);
  const reference = box('rdrf', Buffer.concat([numbers(0), Buffer.from('url '), numbers(url.length), url]));
  return Buffer.concat([
    box('ftyp', Buffer.from('qt  \0\0\0\0qt  ')),
    box('moov', box('rmra', box('rmda', reference))),
  ]);
}

/** A Macintosh alias record with the volume, the folders and the name of a file, as QuickTime writes it. */
function alias(target: string): Buffer {
  const path = target.replace(/^file:/, '');
  const names = path.split('/');
  const file = names.at(-1) ?? '';
  const record = Buffer.alloc(150);
  record.writeUInt16BE(2, 4);
  record.write('disk', 11, 'latin1');
  record[10] = 4;
  record[50] = Math.min(file.length, 63);
  record.write(file.slice(0, 63), 51, 'latin1');
  record.writeInt16BE(names.length - 1, 130);
  record.writeInt16BE(0, 132);
  const entry = Buffer.concat([shorts(18, path.length), Buffer.from(path), Buffer.alloc(path.length % 2)]);
  return Buffer.concat([record, entry, shorts(0xffff, 0)]);
}

function box(name: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([numbers(8 + content.length), Buffer.from(name, 'latin1'), content]);
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}
