import { chunkFiles } from '../../../engine/audio-chunk-files.ts';

const silence = new Int16Array(800);

/** Bodies that cost an engine nothing to hear: silence, and what is no sound. */
export const smallRecordings: readonly Buffer[] = [
  ...Object.values(chunkFiles).map((build) => build({ samples: silence })),
  chunkFiles.wav({ samples: silence, claimedBytes: 2 ** 31 }),
  chunkFiles.wav({ samples: silence }).subarray(0, 60),
  Buffer.from('sound'),
  Buffer.alloc(0),
  Buffer.alloc(3000, 0xff),
  Buffer.from('\0\0\0\x18ftypM4A \0\0\0\0', 'latin1'),
  Buffer.from('<MPD><BaseURL>/etc/passwd</BaseURL></MPD>'),
  Buffer.from('RIFF\xff\xff\xff\xffWAVEfmt ', 'latin1'),
];
