import { submitRecording } from '../client/submit-recording.ts';
import { eachRecording } from './each-recording.ts';
import type { ExitCode } from './exit-codes.ts';
import { openRecording } from './open-recording.ts';
import { recordingName } from './recording-name.ts';
import type { TranscribeFilesRequest } from './transcribe-files.ts';

export type SubmitFilesRequest = Pick<
  TranscribeFilesRequest,
  'socketPath' | 'inputs' | 'options' | 'signal' | 'print' | 'complain'
>;

/** Hands recordings over and prints a line with the id of each one's job, for `hearth jobs follow` and the history. */
export async function submitFiles(request: SubmitFilesRequest): Promise<ExitCode> {
  const { socketPath, options, signal, print } = request;
  return eachRecording(request, async (input) => {
    const recording = await openRecording(input);
    const id = await submitRecording({ ...recording, socketPath, options, signal, name: recordingName(input) });
    print(`${id}  ${input}\n`);
  });
}
