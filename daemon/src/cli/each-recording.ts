import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface EachRecordingRequest {
  readonly inputs: readonly string[];
  readonly complain: (line: string) => void;
}

/**
 * Works on one input after the other. One that fails is told and does not stop the rest, unless the user cancelled or the
 * daemon is gone. Answers with the exit code: that of the only input, or `failed` when any of several failed.
 */
export async function eachRecording(
  { inputs, complain }: EachRecordingRequest,
  work: (input: string) => Promise<void>,
): Promise<ExitCode> {
  let failure: ExitCode = exitCodes.ok;
  for (const input of inputs) {
    try {
      await work(input);
    } catch (error) {
      complain(`${input}: ${errorSentence(error)}`);
      const code = exitCodeOf(error);
      if (code === exitCodes.cancelled || code === exitCodes.daemonUnreachable) return code;
      failure = inputs.length === 1 ? code : exitCodes.failed;
    }
  }
  return failure;
}
