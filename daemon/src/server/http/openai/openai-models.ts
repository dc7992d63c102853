/**
 * OpenAI's names of models that transcribe: `whisper-1`, `gpt-transcribe`, `gpt-4o-mini-transcribe-2025-12-15`, and what
 * will follow them. A pattern, since a list of another company's names ages.
 */
const transcribingModel = /^(?:whisper-\d+|gpt-(?:[\w.]+-)*transcribe(?:-[\w.-]+)?)$/;

/** Whether a name means the model of the settings: clients of OpenAI must send some name. */
export function meansDefaultModel(name: string): boolean {
  return name === '' || name === 'default' || transcribingModel.test(name);
}
