import { HearthError } from '../../../errors/hearth-error.ts';
import type { LiveTurns } from '../../../protocol/engine-messages.ts';
import { normalizeOptions } from '../../../protocol/options/normalize-options.ts';
import type { TranscriptionOptions } from '../../../protocol/options/transcription-options.ts';
import type { RawFormat } from '../live/wav-header.ts';
import { meansDefaultModel } from '../openai/openai-models.ts';

/** A session as its client set it up, in OpenAI's words. */
export interface RealtimeConfig {
  readonly format: FormatName;
  readonly transcription: Readonly<Record<string, unknown>>;
  readonly turnDetection: TurnDetection | null;
}

export interface TurnDetection {
  readonly type: 'server_vad' | 'semantic_vad';
  readonly threshold: number;
  readonly prefix_padding_ms: number;
  readonly silence_duration_ms: number;
}

type FormatName = 'pcm16' | 'g711_ulaw' | 'g711_alaw';
type Fields = Readonly<Record<string, unknown>>;

const formats: Readonly<Record<FormatName, RawFormat>> = {
  pcm16: { encoding: 's16', rate: 24_000, channels: 1 },
  g711_ulaw: { encoding: 'mulaw', rate: 8_000, channels: 1 },
  g711_alaw: { encoding: 'alaw', rate: 8_000, channels: 1 },
};
const mediaTypes: Readonly<Record<FormatName, string>> = {
  pcm16: 'audio/pcm',
  g711_ulaw: 'audio/pcmu',
  g711_alaw: 'audio/pcma',
};
const defaultTurns: TurnDetection = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
};

export const defaultRealtimeConfig: RealtimeConfig = {
  format: 'pcm16',
  transcription: { model: 'whisper-1' },
  turnDetection: defaultTurns,
};

/**
 * The session after an update: fields that it does not name stay as they are.
 * @throws `OPTION_INVALID` with the field's name
 */
export function updateConfig(config: RealtimeConfig, event: { readonly type: string; readonly session?: unknown }) {
  const session = fieldsOf(event.session, 'session');
  if (event.type === 'transcription_session.update') {
    return changed(config, {
      format: session['input_audio_format'],
      transcription: session['input_audio_transcription'],
      turns: session['turn_detection'],
    });
  }
  if (session['type'] !== undefined && session['type'] !== 'transcription') {
    throw invalid('session.type', 'transcription', session['type']);
  }
  const input = fieldsOf(fieldsOf(session['audio'] ?? {}, 'session.audio')['input'] ?? {}, 'session.audio.input');
  return changed(config, {
    format: formatOf(input['format']),
    transcription: input['transcription'],
    turns: input['turn_detection'],
  });
}

function changed(
  config: RealtimeConfig,
  given: { readonly format: unknown; readonly transcription: unknown; readonly turns: unknown },
): RealtimeConfig {
  const { format = config.format, transcription, turns } = given;
  if (typeof format !== 'string' || !Object.hasOwn(formats, format)) {
    throw invalid('input_audio_format', 'pcm16, g711_ulaw or g711_alaw', format);
  }
  const next = {
    format: format as FormatName,
    transcription: transcription == null ? config.transcription : fieldsOf(transcription, 'transcription'),
    turnDetection: turns === undefined ? config.turnDetection : readTurns(turns),
  };
  // Whatever is wrong with it is told now, and not when the first sound comes.
  optionsOf(next);
  return next;
}

/** GA: `{ type: 'audio/pcm', rate: 24000 }`. */
function formatOf(format: unknown): unknown {
  if (format === undefined || typeof format === 'string') return format;
  const { type, rate } = fieldsOf(format, 'format');
  const name = Object.entries(mediaTypes).find(([, mediaType]) => mediaType === type)?.[0];
  if (name === undefined) throw invalid('session.audio.input.format.type', Object.values(mediaTypes).join(', '), type);
  if (name === 'pcm16' && rate !== undefined && rate !== formats.pcm16.rate) {
    throw invalid('session.audio.input.format.rate', '24000', rate);
  }
  return name;
}

function readTurns(given: unknown): TurnDetection | null {
  if (given === null) return null;
  const { type = 'server_vad', ...others } = fieldsOf(given, 'turn_detection');
  if (type !== 'server_vad' && type !== 'semantic_vad') throw invalid('turn_detection.type', 'server_vad', type);
  const number = (name: keyof typeof defaultTurns, largest: number): number => {
    const value = others[name] ?? defaultTurns[name];
    if (typeof value === 'number' && value >= 0 && value <= largest) return value;
    throw invalid(`turn_detection.${name}`, `a number from 0 to ${largest}`, value);
  };
  return {
    type,
    threshold: number('threshold', 1),
    prefix_padding_ms: number('prefix_padding_ms', 10_000),
    silence_duration_ms: number('silence_duration_ms', 60_000),
  };
}

export function rawFormatOf({ format }: RealtimeConfig): RawFormat {
  return formats[format];
}

export function turnsOf({ turnDetection }: RealtimeConfig): LiveTurns {
  if (turnDetection === null) return { detection: 'marks', silenceSeconds: null, paddingSeconds: null };
  return {
    detection: 'voice',
    silenceSeconds: turnDetection.silence_duration_ms / 1000,
    paddingSeconds: turnDetection.prefix_padding_ms / 1000,
  };
}

/** @throws `OPTION_INVALID` */
export function optionsOf({ transcription, turnDetection }: RealtimeConfig): TranscriptionOptions {
  const model = text(transcription, 'model');
  const language = text(transcription, 'language');
  const prompt = text(transcription, 'prompt');
  const languages = texts(transcription, 'languages');
  const keywords = texts(transcription, 'keywords');
  return normalizeOptions({
    ...(model !== undefined && !meansDefaultModel(model) && { model }),
    ...(language !== undefined && { language }),
    ...(languages.length > 0 && { languages }),
    ...(prompt !== undefined && { initialPrompt: prompt }),
    ...(keywords.length > 0 && { hotwords: keywords.join(', ') }),
    ...(turnDetection !== null && { vadThreshold: turnDetection.threshold }),
  });
}

/** The session as `session.created` and `session.updated` show it; of the beta, as `transcription_session.updated` does. */
export function describeConfig(id: string, config: RealtimeConfig, isBeta: boolean): object {
  const { format, transcription, turnDetection } = config;
  const object = 'realtime.transcription_session';
  if (isBeta) {
    return {
      ...{ id, object, modalities: ['text'], input_audio_format: format, input_audio_transcription: transcription },
      turn_detection: turnDetection,
      client_secret: null,
    };
  }
  const rate = format === 'pcm16' ? { rate: formats.pcm16.rate } : {};
  const input = { format: { type: mediaTypes[format], ...rate }, transcription, noise_reduction: null };
  return {
    ...{ id, object, type: 'transcription', include: null },
    audio: { input: { ...input, turn_detection: turnDetection } },
  };
}

function text(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value == null || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(`transcription.${name}`, 'a text', value);
  return value;
}

function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw invalid(`transcription.${name}`, 'a list of texts', value);
  }
  return value as readonly string[];
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(name, 'an object', value);
}

function invalid(name: string, expected: string, got: unknown): HearthError {
  const shown = JSON.stringify(got)?.slice(0, 80) ?? 'nothing';
  return new HearthError('OPTION_INVALID', `Expected ${name} to be ${expected}, got ${shown}.`, { param: name });
}
