import type { AudioFacts } from '@hearth/native';
import { noSpeechSentence, type WarningCode } from '../protocol/warning-codes.ts';

/** Something about a transcript that its reader should know. */
export interface TranscriptWarning {
  readonly code: WarningCode;
  /** One or more whole sentences. */
  readonly message: string;
}

/** Speech whose loudest sample is below it, 60 dB under full scale, may go unheard. */
const quietestHeard = 0.001;
/** What dither leaves of a silence: the last bit or two. */
const silence = 3 / 32_768;

/** What a transcript without text says about it: nobody spoke, or so quietly that it cannot be told. */
export function noSpeechWarnings(audio: AudioFacts): readonly TranscriptWarning[] {
  const none: TranscriptWarning = { code: 'no-speech', message: noSpeechSentence };
  const { peakAmplitude } = audio;
  if (peakAmplitude < silence || peakAmplitude >= quietestHeard) return [none];
  const decibels = Math.round(20 * Math.log10(peakAmplitude));
  const message = `The recording is so quiet (${decibels} dB at its loudest) that speech in it may not be heard.`;
  return [none, { code: 'quiet-recording', message }];
}
