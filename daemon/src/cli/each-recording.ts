import { visibleText } from '../errors/visible-text.ts';
import { errorSentence } from './error-sentence.ts';
import { exitCodeOf } from './exit-code-of.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export interface EachRecordingRequest {
  readonly inputs: readonly string[];
  readonly complain: (line: string) => void;
  /** Hears at the end of several what became of them. */
  readonly onSummary?: (summary: string) => void;
}

/** An error that every other input would get too. */
class RefusedRequest extends Error {}

/** What the daemon answers before it takes a recording; about options or a model it is about all recordings. */
export function refusalOf(error: unknown): unknown {
  const isAboutAll = ['OPTION_INVALID', 'MODEL_NOT_FOUND'].includes(String((error as { code?: unknown }).code));
  return isAboutAll ? new RefusedRequest('refused', { cause: error }) : error;
}

/**
 * Works on one input after the other. One that fails is told and does not stop the rest, unless the user cancelled, the
 * daemon is gone or it refuses the request itself. Answers with the exit code: that of the only input, or `failed` when any
 * of several failed.
 */
export async function eachRecording(
  { inputs, complain, onSummary }: EachRecordingRequest,
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
        complain(errorSentence(error.cause));
        return exitCodes.usage;
      }
      const code = exitCodeOf(error);
      complain(code === exitCodes.cancelled ? errorSentence(error) : named(input, errorSentence(error)));
      failed++;
      failure = inputs.length === 1 || isEnd(code) ? code : exitCodes.failed;
      if (isEnd(code)) break;
    }
  }
  const left = inputs.length - done - failed;
  const ended = failure === exitCodes.cancelled ? 'cancelled' : 'failed';
  const counts = [[done, 'done'] as const, [failed, ended] as const, [left, 'not started'] as const];
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (inputs.length > 1) onSummary?.(told.join(', '));
  return failure;
}

function isEnd(code: ExitCode): boolean {
  return code === exitCodes.cancelled || code === exitCodes.daemonUnreachable;
}

function named(input: string, sentence: string): string {
  const name = input === '-' ? 'standard input' : visibleText(input);
  return sentence.toLowerCase().includes(name.toLowerCase()) ? sentence : `${name}: ${sentence}`;
}
