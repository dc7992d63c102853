/** Options of voice activity, a part of `optionTable`. */
export const voiceActivityOptionTable = {
  vad: {
    kind: 'boolean',
    default: true,
    group: 'Silence and noise',
    description: 'Decode only what holds speech, so that silence, noise and music give no text.',
    off: 'Do not skip silence, noise and music.',
  },
  vadThreshold: {
    kind: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.5,
    group: 'Silence and noise',
    description: 'Probability from which a sound is speech.',
  },
  vadMinSpeech: {
    kind: 'number',
    minimum: 0,
    maximum: 60,
    default: 0.25,
    group: 'Silence and noise',
    description: 'Shorter sounds are not speech, in seconds.',
  },
  vadMinSilence: {
    kind: 'number',
    minimum: 0,
    maximum: 60,
    default: 2,
    group: 'Silence and noise',
    description: 'Shorter silences are left in, in seconds.',
  },
  vadPad: {
    kind: 'number',
    minimum: 0,
    maximum: 10,
    default: 0.4,
    group: 'Silence and noise',
    description: 'Seconds kept before and after speech.',
  },
} as const;
