/** What a result's warnings say of a recording in which nobody speaks. */
export const noSpeechSentence = 'No speech was found.';
