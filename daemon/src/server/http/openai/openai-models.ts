/**
 * OpenAI's names of transcription models: `whisper-1`, `gpt-transcribe`, `gpt-4o-mini-transcribe-2025-12-15`, and future
 * ones. A pattern, because a list of another company's names gets out of date.
 */
const transcribingModel = /^(?:whisper-\d+|gpt-(?:[\w.]+-)*transcribe(?:-[\w.-]+)?)$/;

/** Whether a name means the model in the settings: OpenAI's clients have to send a name. */
export function meansDefaultModel(name: string): boolean {
  return name === '' || name === 'default' || transcribingModel.test(name);
}
