import type { TranscriptionOptions } from '../../options/transcription-options.ts';

interface OptionGroup {
  readonly heading: string;
  readonly options: readonly (keyof TranscriptionOptions)[];
}

/** The transcription options as help shows them: what people use most comes first. */
export const optionGroups: readonly OptionGroup[] = [
  {
    heading: 'Common options:',
    options: ['language', 'task', 'model', 'initialPrompt', 'hotwords', 'wordTimestamps'],
  },
  { heading: 'Parts of a recording:', options: ['clipTimestamps', 'audioTrack', 'languages', 'languagePerWindow'] },
  { heading: 'Subtitles:', options: ['maxLineWidth', 'maxLineCount', 'maxWordsPerLine', 'highlightWords'] },
  { heading: 'Silence and noise:', options: ['vad', 'vadThreshold', 'vadMinSpeech', 'vadMinSilence', 'vadPad'] },
  {
    heading: 'Prompts:',
    options: ['carryInitialPrompt', 'conditionOnPreviousText', 'prefix'],
  },
  {
    heading: 'Decoding:',
    options: [
      ...(['beamSize', 'patience', 'lengthPenalty', 'temperature', 'bestOf', 'seed'] as const),
      ...([
        'batchSize',
        'sequential',
        'withoutTimestamps',
        'maxInitialTimestamp',
        'suppressTokens',
        'suppressBlank',
      ] as const),
    ],
  },
  {
    heading: 'When a text is doubted:',
    options: [
      ...(['compressionRatioThreshold', 'logprobThreshold', 'noSpeechThreshold', 'loopGuard'] as const),
      'hallucinationSilenceThreshold',
    ],
  },
  { heading: 'Words:', options: ['prependPunctuations', 'appendPunctuations'] },
];

/** What `--no-…` does, where the sentence about the option itself does not say it. */
export const switchedOff: Readonly<Partial<Record<keyof TranscriptionOptions, string>>> = {
  vad: 'Do not skip silence, noise and music.',
  conditionOnPreviousText: 'Do not give each window the text before it as a prompt.',
  suppressBlank: 'Let a text start with a space alone.',
  loopGuard: 'Keep a text that repeats itself as it is.',
};
