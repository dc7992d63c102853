const sampleBytes = 2;
/** 30 ms at 16 kHz. */
const frameSamples = 480;
const frameSeconds = 0.03;
/** Nothing softer is a voice: -46 dB of full scale. */
const softestVoice = 0.005;
/** How much louder than the room a voice is: 9 dB. */
const voiceOverRoom = 2.8;
/** A room that becomes louder is noticed at this rate per frame, which doubles it in about two seconds. */
const roomGrowth = 1.01;
/** Frames in a row that make a voice; a click is shorter. */
const voiceFrames = 5;

/**
 * Hands on sound until nobody has spoken for `silenceSeconds`, once somebody has spoken at all. A voice is what is clearly
 * louder than the room. Samples are 16 bits, little endian, one channel, 16 kHz; pieces have any size.
 */
export async function* untilSilence(
  sound: AsyncIterable<Uint8Array>,
  silenceSeconds: number,
): AsyncGenerator<Uint8Array> {
  const silence = silenceMeter();
  let rest = new Uint8Array();
  for await (const piece of sound) {
    yield piece;
    const bytes = Buffer.concat([rest, piece]);
    const frameBytes = frameSamples * sampleBytes;
    const whole = bytes.length - (bytes.length % frameBytes);
    for (let at = 0; at < whole; at += frameBytes) {
      if (silence(bytes.subarray(at, at + frameBytes)) >= silenceSeconds) return;
    }
    rest = bytes.subarray(whole);
  }
}

/** Gives the seconds since somebody spoke; 0 until somebody has. */
function silenceMeter(): (frame: Buffer) => number {
  let room = Number.POSITIVE_INFINITY;
  let loudFrames = 0;
  let hasSpoken = false;
  let silentFrames = 0;
  return (frame) => {
    const level = levelOf(frame);
    room = Math.min(level, room * roomGrowth);
    const isLoud = level > Math.max(softestVoice, room * voiceOverRoom);
    loudFrames = isLoud ? loudFrames + 1 : 0;
    if (loudFrames >= voiceFrames) {
      hasSpoken = true;
      silentFrames = 0;
    } else silentFrames += 1;
    return hasSpoken ? silentFrames * frameSeconds : 0;
  };
}

/** Root mean square, of full scale. */
function levelOf(frame: Buffer): number {
  let sum = 0;
  for (let at = 0; at < frame.length; at += sampleBytes) sum += (frame.readInt16LE(at) / 32_768) ** 2;
  return Math.sqrt(sum / (frame.length / sampleBytes));
}
