import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { pathOf } from '../../test/engine/fork-engine.ts';
import { hearthDaemon } from '../contenders/hearth-daemon.ts';
import { measureInterleaved } from '../measure.ts';
import { spreadOf } from '../spread.ts';

/**
 * How much of a request to the daemon neither the encoder nor the decoder works: decoding of audio, voice activity,
 * log-mel and handing over. On a GPU the device idles then. Base model, default options. Prints one JSON object.
 *
 *     node --disable-warning=ExperimentalWarning bench/gpu/request-share.ts
 */
const rounds = 5;
const recordings = [
  { path: pathOf('assets/samples/jfk.flac'), secondsOfSound: 11 },
  { path: pathOf('test/fixtures/audio/LJ001-long.mp3'), secondsOfSound: 222 },
];

const peer = await hearthDaemon({ threads: availableParallelism(), arithmetic: 'exact' });
try {
  const contenders = peer.contenders.slice(0, 1);
  const figures: Record<string, object> = {};
  for (const { path, secondsOfSound } of recordings) {
    const [measured] = await measureInterleaved({ contenders, recording: path, rounds });
    const taken = measured?.measurements ?? [];
    const busy = taken.map(({ wallSeconds, encoderSeconds, decoderSeconds }) => {
      return ((encoderSeconds ?? 0) + (decoderSeconds ?? 0)) / wallSeconds;
    });
    figures[basename(path)] = {
      seconds_of_sound: secondsOfSound,
      ms: 1000 * spreadOf(taken.map(({ wallSeconds }) => wallSeconds)).median,
      not_on_device: 1 - spreadOf(busy).median,
    };
  }
  console.log(JSON.stringify({ recordings: figures }));
} finally {
  await peer.close();
}
