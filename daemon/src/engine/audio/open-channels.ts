import type { Native, NativeAudio, NativeComingAudio, Priority, RecordingListeners } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';

export interface OpenChannelsRequest {
  readonly native: Pick<Native, 'beginAudio' | 'openChannels'>;
  readonly path: string;
  /** Of the file, where it is open already. */
  readonly descriptor?: number | undefined;
  readonly channels: string | undefined;
  /** Those who hear the mix while it is decoded. */
  readonly listeners?: RecordingListeners | undefined;
  readonly priority?: Priority | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The sound of a file: its mix, one of its channels, or each of them. */
export interface OpenChannels {
  readonly audios: readonly [NativeComingAudio, ...NativeComingAudio[]];
  /** Whether each is a channel of several. */
  readonly areApart: boolean;
  /** Once all of it is decoded. */
  readonly warnings: () => Promise<readonly string[]>;
}

const compareSamples = 1 << 20;

/**
 * Opens a file as the option `audioChannels` says.
 * @throws what the engine throws, and `OPTION_INVALID` for a channel that is not there
 */
export async function openChannels(request: OpenChannelsRequest): Promise<OpenChannels> {
  const { native, path, descriptor, channels, listeners, priority, signal } = request;
  if (channels === undefined || channels === 'mix') {
    const audio = await native.beginAudio({ path, descriptor, listeners, priority, signal });
    return { audios: [audio], areApart: false, warnings: () => sentencesOf(audio) };
  }
  const [first, ...others] = await native.openChannels({ path, descriptor, priority, signal });
  if (first === undefined) throw new HearthError('AUDIO_EMPTY', 'The recording has no channel.');
  const sentences = await sentencesOf(first);
  const warnings = async () => sentences;
  if (channels !== 'split') return { audios: [takeOne([first, ...others], channels)], areApart: false, warnings };
  if (others.length === 0) {
    return {
      audios: [first],
      areApart: false,
      warnings: async () => [...sentences, 'The recording has one channel: nothing is told apart.'],
    };
  }
  if (!others.every((other) => isSame(first, other))) return { audios: [first, ...others], areApart: true, warnings };
  for (const other of others) other.close();
  const same = `The ${others.length + 1} channels of the recording are the same sound, which was transcribed once.`;
  return { audios: [first], areApart: false, warnings: async () => [...sentences, same] };
}

function takeOne(audios: readonly NativeAudio[], channels: string): NativeAudio {
  const taken = audios[Number(channels) - 1];
  for (const audio of audios) if (audio !== taken) audio.close();
  if (taken !== undefined) return taken;
  const list =
    audios.length === 1 ? '' : `: ${audios.map(({ channel }, index) => `${index + 1} (${channel})`).join(', ')}`;
  throw new HearthError('OPTION_INVALID', `The recording has no channel ${channels}. It has ${audios.length}${list}.`, {
    hint: 'Name one of these, or `split` for all of them apart.',
  });
}

/** Many recorders write one microphone to both channels. */
function isSame(one: NativeAudio, other: NativeAudio): boolean {
  if (one.rmsAmplitude !== other.rmsAmplitude || one.sampleCount !== other.sampleCount) return false;
  for (let start = 0; start < one.sampleCount; start += compareSamples) {
    const [left, right] = [one, other].map((audio) => Buffer.from(audio.samples(start, compareSamples).buffer));
    if (left === undefined || right === undefined || !left.equals(right)) return false;
  }
  return true;
}

async function sentencesOf(audio: NativeComingAudio): Promise<string[]> {
  return (await audio.whole()).warnings.map(({ message }) => message);
}
