import { fileURLToPath } from 'node:url';
import { systemRecorderScript } from './system-recorder-script.ts';

/** How a program is asked to write the microphone's sound: 16 kHz, one channel, 16 bits. */
export interface RecorderCommand {
  /** A name on the PATH, or a path. */
  readonly program: string;
  readonly values: readonly string[];
  /** What installs it. */
  readonly advice: string;
  /** To a WAV file, whose path is the last value, until its standard input ends. Others write to their standard output. */
  readonly writesFile?: boolean;
}

export const recordedRate = 16_000;
/** Hearth's own recorder on a Mac (native/src/microphone). */
const builtIn = fileURLToPath(new URL('../../../native/build/Release/hearth-microphone', import.meta.url));
const installSox = 'brew install sox';

/** The programs that can record, the best first. `device` is a microphone as the program calls it. */
export function recorderCommands(platform: NodeJS.Platform, device: string | null): readonly RecorderCommand[] {
  if (platform !== 'darwin') return linuxCommands(device);
  const values = device === null ? [] : ['--device', device];
  const programs = [{ program: builtIn, values, advice: installSox }, sox(installSox, device), avfoundation(device)];
  return device === null ? [...programs, systemRecorder()] : programs;
}

function linuxCommands(device: string | null): readonly RecorderCommand[] {
  const format = ['--raw', '--format=s16le', `--rate=${recordedRate}`, '--channels=1', '--latency-msec=50'];
  const alsa = ['-q', '-t', 'raw', '-f', 'S16_LE', '-r', String(recordedRate), '-c', '1'];
  return [
    {
      program: 'parec',
      values: [...format, '--client-name=Hearth', ...(device === null ? [] : [`--device=${device}`])],
      advice: 'apt install pulseaudio-utils',
    },
    {
      program: 'arecord',
      values: [...alsa, ...(device === null ? [] : ['-D', device])],
      advice: 'apt install alsa-utils',
    },
    ffmpeg({ from: 'pulse', input: device ?? 'default', advice: 'apt install ffmpeg' }),
    sox('apt install sox', device),
  ];
}

function avfoundation(device: string | null): RecorderCommand {
  return ffmpeg({ from: 'avfoundation', input: `:${device ?? 'default'}`, advice: 'brew install ffmpeg' });
}

function ffmpeg(request: { readonly from: string; readonly input: string; readonly advice: string }): RecorderCommand {
  const { from, input, advice } = request;
  const source = ['-f', from, '-i', input];
  const output = ['-ar', String(recordedRate), '-ac', '1', '-f', 's16le', '-flush_packets', '1', 'pipe:1'];
  return { program: 'ffmpeg', values: ['-nostdin', '-loglevel', 'error', ...source, ...output], advice };
}

function sox(advice: string, device: string | null): RecorderCommand {
  const input = device === null ? ['-d'] : ['-t', process.platform === 'darwin' ? 'coreaudio' : 'alsa', device];
  const output = ['-t', 'raw', '-r', String(recordedRate), '-c', '1', '-b', '16', '-e', 'signed-integer', '-'];
  // A small buffer, so that the text can keep up with the voice.
  return { program: 'sox', values: ['-q', '--buffer', '4096', ...input, ...output], advice };
}

/** Every Mac has it. It records the usual microphone only. */
function systemRecorder(): RecorderCommand {
  const values = ['-l', 'JavaScript', '-e', systemRecorderScript];
  return { program: 'osascript', values, advice: installSox, writesFile: true };
}
