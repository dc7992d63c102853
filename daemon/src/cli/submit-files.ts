import { submitRecording } from '../client/submit-recording.ts';
import { visibleText } from '../errors/visible-text.ts';
import { eachRecording, refusalOf } from './each-recording.ts';
import type { ExitCode } from './exit-codes.ts';
import { openRecording } from './open-recording.ts';
import { recordingName } from './recording-name.ts';
import type { TranscribeFilesRequest } from './transcribe-files.ts';

export interface SubmitFilesRequest
  extends Pick<
    TranscribeFilesRequest,
    'socketPath' | 'inputs' | 'options' | 'signal' | 'print' | 'complain' | 'onSummary'
  > {
  readonly withNames: boolean;
}

/** Hands recordings over and prints the id of each one's job: alone in a pipe, beside the recording's name for people. */
export async function submitFiles(request: SubmitFilesRequest): Promise<ExitCode> {
  const { socketPath, options, signal, print, withNames } = request;
  return eachRecording(request, async (input) => {
    const recording = await openRecording(input);
    const submitted = { ...recording, socketPath, options, signal, name: recordingName(input) };
    const id = await submitRecording(submitted).catch((error) => {
      throw refusalOf(error);
    });
    print(withNames ? `${id}  ${visibleText(input)}\n` : `${id}\n`);
  });
}
