import { submitRecording } from '../client/submit-recording.ts';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { openRecording } from './open-recording.ts';
import { recordingName } from './recording-name.ts';
import type { TranscribeFilesRequest } from './transcribe-files.ts';

export type SubmitFilesRequest = Pick<
  TranscribeFilesRequest,
  'socketPath' | 'inputs' | 'options' | 'signal' | 'print' | 'complain'
>;

/** Hands recordings over and prints a line with the id of each one's job, for `hearth jobs follow` and the history. */
export async function submitFiles(request: SubmitFilesRequest): Promise<ExitCode> {
  const { socketPath, inputs, options, signal, print, complain } = request;
  let failure: ExitCode = exitCodes.ok;
  for (const input of inputs) {
    try {
      const recording = await openRecording(input);
      const id = await submitRecording({ ...recording, socketPath, options, signal, name: recordingName(input) });
      print(`${id}  ${input}\n`);
    } catch (error) {
      complain(`${input}: ${errorSentence(error)}`);
      const code = exitCodeOf(error);
      if (code === exitCodes.cancelled || code === exitCodes.daemonUnreachable) return code;
      failure = inputs.length === 1 ? code : exitCodes.failed;
    }
  }
  return failure;
}
