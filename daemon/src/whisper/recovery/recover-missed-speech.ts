import type { NativeEncoding } from '@hearth/native';
import type { ResolvedOptions } from '../../protocol/options/transcription-options.ts';
import { encodeWindow } from '../encode-window.ts';
import type { WindowSegment } from '../segments/split-into-segments.ts';
import { framesPerSecond, framesPerWindow, type Window } from '../segments/window.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { type TranscribedWindow, transcribeWindow } from '../transcribe-window.ts';
import type { Transcription } from '../transcription.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { speechUntil } from '../voice-activity/speech-until.ts';
import { countTextTokens, hasPoorText } from './has-poor-text.ts';
import { missedSpeech } from './missed-speech.ts';
import { partsToHearAgain } from './parts-to-hear-again.ts';
import { repeatsNeighbour } from './repeats-neighbour.ts';

/** Heard before and after what was missed. */
const padSeconds = 0.2;
/** A text takes the place of one that the model is sure of only if it says this much more. */
const largerBy = 1.5;
/** One that the model is sure of takes the place of one that it is not if it says at least so much of it. */
const largerThanDoubtful = 0.5;
/** A higher temperature invents more than it finds. */
const highestTemperature = 0.5;
/** A part is in another language than the recording only if that is this likely. */
const sureOfLanguage = 0.8;

export interface RecoverRequest {
  readonly window: Window;
  readonly tokenizer: Tokenizer;
  /** What was before the window's text. */
  readonly previousTokens: readonly number[];
  readonly lastSpeechSeconds: number;
  /** What the window says. */
  readonly found: TranscribedWindow;
  /** What the windows before it say. */
  readonly before: readonly WindowSegment[];
}

export interface Recovered {
  readonly segments: readonly WindowSegment[];
  /** Speech that still has no text. */
  readonly missed: readonly SpeechRange[];
}

/**
 * Decodes speech that no text of a window covers, or none that the model is sure of, once more, by itself and without a
 * text before it, and keeps the better answer. Each part is heard again once, in two halves at most, so that this ends.
 */
export async function recoverMissedSpeech(transcription: Transcription, request: RecoverRequest): Promise<Recovered> {
  const { spoken, options } = transcription;
  const { window, tokenizer, found: heard, before } = request;
  if (spoken === null) return { segments: heard.segments, missed: [] };
  const { endOfText } = tokenizer.special;
  const region = {
    startSeconds: window.seekFrames / framesPerSecond,
    endSeconds: Math.min(heard.nextSeekFrames, window.seekFrames + window.contentFrames) / framesPerSecond,
  };
  const wasLed = request.previousTokens.length > 0 || options.prefix !== '';
  const isDoubtful = (segment: WindowSegment) => !isSureOf(heard) && segment.text.trim() !== '';
  const poor = heard.segments.filter((segment) => isDoubtful(segment) || hasPoorText(segment, spoken, endOfText));
  const good = heard.segments.filter((segment) => !poor.includes(segment));
  const neighbours = withText([...before, ...good]);
  const alreadyWritten: SpeechRange[] = [];
  const found: WindowSegment[] = [];
  for (const missed of missedSpeech({ spoken, covered: neighbours, region })) {
    for (const part of partsToHearAgain({ missed, region, wasLed, spoken })) {
      const again = await hearAgain({ transcription, request, part, spoken });
      if (repeats(again, part, neighbours)) alreadyWritten.push(part);
      else found.push(...again);
    }
  }
  const keptPoor = poor.filter((segment) => {
    const instead = found.filter((each) => overlaps(each, segment));
    const factor = isDoubtful(segment) ? largerThanDoubtful : largerBy;
    return countTextTokens(instead, endOfText) <= factor * countTextTokens([segment], endOfText);
  });
  const keptFound = found.filter((each) => !keptPoor.some((segment) => overlaps(each, segment)));
  const segments = [...good, ...keptPoor, ...keptFound].sort((a, b) => a.startSeconds - b.startSeconds);
  const covered = [...withText([...before, ...segments]), ...alreadyWritten];
  return { segments, missed: missedSpeech({ spoken, covered, region }) };
}

function repeats(heard: readonly WindowSegment[], part: SpeechRange, neighbours: readonly WindowSegment[]): boolean {
  const before = neighbours.filter(({ startSeconds }) => startSeconds < part.startSeconds).at(-1);
  const after = neighbours.find(({ endSeconds }) => endSeconds > part.endSeconds);
  return repeatsNeighbour(heard.map(({ text }) => text).join(''), before?.text ?? '', after?.text ?? '');
}

/** What a part says when it is heard by itself; nothing where the model is not sure of it. */
async function hearAgain({
  transcription,
  request,
  part,
  spoken,
}: {
  readonly transcription: Transcription;
  readonly request: RecoverRequest;
  readonly part: SpeechRange;
  readonly spoken: readonly SpeechRange[];
}): Promise<readonly WindowSegment[]> {
  const { model, options, totalFrames, onPartial, dictionary } = transcription;
  const startFrame = Math.max(0, Math.floor((part.startSeconds - padSeconds) * framesPerSecond));
  const endFrame = Math.ceil((part.endSeconds + padSeconds) * framesPerSecond);
  const { encoding, frameCount } = await encodeWindow(transcription, {
    startFrame,
    frameCount: Math.min(endFrame - startFrame, framesPerWindow),
  });
  const window: Window = {
    seekFrames: startFrame,
    contentFrames: frameCount,
    endsInPause: true,
    speechUntilFrames: Math.round(speechUntil(part, spoken) * framesPerSecond),
  };
  try {
    const tokenizer = await tokenizerFor(transcription, encoding, request.tokenizer);
    const found = await transcribeWindow({
      model,
      tokenizer,
      options: withoutLead(options),
      window,
      encoding,
      previousTokens: [],
      clientTokens: [],
      lastSpeechSeconds: request.lastSpeechSeconds,
      totalFrames,
      spoken,
      onPartial,
      dictionary,
    });
    if (!isSureOf(found)) return [];
    return withText(found.segments).map((segment) => ({ ...segment, language: tokenizer.language }));
  } finally {
    encoding.close();
  }
}

function isSureOf({ isTrusted, passesThresholds }: TranscribedWindow): boolean {
  return isTrusted && passesThresholds;
}

function withoutLead(options: ResolvedOptions): ResolvedOptions {
  const sure = options.temperature.filter((temperature) => temperature <= highestTemperature);
  return { ...options, prefix: '', temperature: sure.length > 0 ? sure : [0] };
}

/** A part that is hard to write down may be in another language than the rest. */
async function tokenizerFor(
  { model, vocabulary, options, language: spokenLanguage }: Transcription,
  encoding: NativeEncoding,
  tokenizer: Tokenizer,
): Promise<Tokenizer> {
  if (spokenLanguage.given !== undefined) return tokenizer;
  const [{ language, probability }] = await spokenLanguage.detect(model, encoding);
  if (probability < sureOfLanguage || language === tokenizer.language) return tokenizer;
  return createTokenizer(vocabulary, { language, task: options.task });
}

function withText(segments: readonly WindowSegment[]): WindowSegment[] {
  return segments.filter(({ text }) => text.trim() !== '');
}

function overlaps(segment: SpeechRange, part: SpeechRange): boolean {
  return segment.startSeconds < part.endSeconds && part.startSeconds < segment.endSeconds;
}
