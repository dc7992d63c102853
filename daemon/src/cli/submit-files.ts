import { submitJob } from '../client/transcriptions.ts';
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
  const { socketPath, options, signal, print, complain, withNames } = request;
  return eachRecording(request, async (input) => {
    const recording = await openRecording(input);
    const { id, warnings } = await submitJob(
      { socketPath, signal },
      { ...recording, options, name: recordingName(input) },
    ).catch((error) => {
      throw refusalOf(error);
    });
    for (const warning of warnings) complain(`${visibleText(input)}: ${warning}`);
    print(withNames ? `${id}  ${visibleText(input)}\n` : `${id}\n`);
  });
}
