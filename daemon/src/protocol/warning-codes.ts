/** The warnings about a transcript that programs may act on, with their meaning. */
export const warningCodes = {
  'no-speech': 'nobody speaks, so the text is empty; the language is a guess, with probability 0',
  'sound-cut-off': 'a live session ended before its client had sent all of its sound',
  'text-cut-off': 'a live session was given up before all of its sound was transcribed; its recording is kept',
  'quiet-recording': 'the recording is so quiet that speech may be missed',
  'speech-without-text': 'somebody speaks at these times, but the model writes nothing that can be trusted',
  'initial-prompt-shortened': 'the initial prompt has more tokens than the model can read',
  'hotwords-shortened': 'the hot words have more tokens than the model can read',
  'option-without-effect': 'the other options make this one useless',
} as const;

export type WarningCode = keyof typeof warningCodes;

/** The warning for a transcript of a recording in which nobody speaks. */
export const noSpeechSentence = 'No speech was found.';
