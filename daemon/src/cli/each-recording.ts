import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { shownName } from './open-recording.ts';
import { errorSentence } from './terminal/error-sentence.ts';
import { warn } from './terminal/print.ts';

/** An error that every other recording would get too. */
class RefusedRequest extends Error {}

/** Marks what the daemon refuses before it accepts a recording: a wrong option or model is wrong for all recordings. */
export function refusalOf(error: unknown): unknown {
  const isAboutAll = ['OPTION_INVALID', 'MODEL_NOT_FOUND'].includes(String((error as { code?: unknown }).code));
  return isAboutAll ? new RefusedRequest('refused', { cause: error }) : error;
}

/**
 * Works on one recording after the other. One that fails is reported and does not stop the others, unless the user
 * cancelled, the daemon is gone or it refuses the request itself. Returns the exit code: that of the only recording, or
 * `failed` when any of several failed.
 */
export async function eachRecording(
  { inputs, onSummary }: { readonly inputs: readonly string[]; readonly onSummary: (summary: string) => void },
  work: (input: string) => Promise<void>,
): Promise<ExitCode> {
  let failure: ExitCode = exitCodes.ok;
  let [done, failed] = [0, 0];
  for (const input of inputs) {
    try {
      await work(input);
      done++;
    } catch (error) {
      if (error instanceof RefusedRequest) {
        warn(errorSentence(error.cause));
        return exitCodes.usage;
      }
      const code = exitCodeOf(error);
      warn(code === exitCodes.cancelled ? errorSentence(error) : named(input, errorSentence(error)));
      failed++;
      failure = inputs.length === 1 || isEnd(code) ? code : exitCodes.failed;
      if (isEnd(code)) break;
    }
  }
  const left = inputs.length - done - failed;
  const ended = failure === exitCodes.cancelled ? 'cancelled' : 'failed';
  const counts = [[done, 'done'] as const, [failed, ended] as const, [left, 'not started'] as const];
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (inputs.length > 1) onSummary(shown.join(', '));
  return failure;
}

function isEnd(code: ExitCode): boolean {
  return code === exitCodes.cancelled || code === exitCodes.daemonUnreachable;
}

function named(input: string, sentence: string): string {
  const name = shownName(input);
  return sentence.toLowerCase().includes(name.toLowerCase()) ? sentence : `${name}: ${sentence}`;
}
