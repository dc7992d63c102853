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

/** What one of several recordings shows: it is held back until those named before it have ended. */
export type Show = (write: () => void) => void;

export interface RecordingBatch {
  readonly inputs: readonly string[];
  /** How many may be worked on at a time. */
  readonly atOnce: number;
  readonly onSummary: (summary: string) => void;
}

/** Works on one recording, and returns what is left to do when those before it have ended, such as printing its warnings. */
export type RecordingWork = (input: string, show: Show) => Promise<(() => Promise<void>) | void>;

/**
 * Works on several recordings at a time; what they show comes in the order of `inputs`. One that fails is reported and does
 * not stop the others, unless the user cancelled, the daemon is gone or it refuses the request itself. Returns the exit code:
 * that of the only recording, or `failed` when any of several failed.
 */
export async function eachRecording(batch: RecordingBatch, work: RecordingWork): Promise<ExitCode> {
  const { inputs, onSummary } = batch;
  const started = startInOrder(batch, work);
  let failure: ExitCode = exitCodes.ok;
  let [done, failed] = [0, 0];
  for (const { input, turn, ended } of started) {
    turn.open();
    const error = await ended;
    if (error === null) {
      done++;
      continue;
    }
    if (error.thrown instanceof RefusedRequest) {
      warn(errorSentence(error.thrown.cause));
      return exitCodes.usage;
    }
    failed++;
    const code = exitCodeOf(error.thrown);
    // The end of all is told once.
    if (isEnd(failure)) continue;
    warn(code === exitCodes.cancelled ? errorSentence(error.thrown) : named(input, errorSentence(error.thrown)));
    failure = inputs.length === 1 || isEnd(code) ? code : exitCodes.failed;
  }
  const left = inputs.length - done - failed;
  const ended = failure === exitCodes.cancelled ? 'cancelled' : 'failed';
  const counts = [[done, 'done'] as const, [failed, ended] as const, [left, 'not started'] as const];
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (inputs.length > 1) onSummary(shown.join(', '));
  return failure;
}

interface Started {
  readonly input: string;
  readonly turn: Turn;
  /** Null once all of it is done, or what it failed with. */
  readonly ended: Promise<{ readonly thrown: unknown } | null>;
}

/** Grows while it is read: a recording starts when another one has ended. */
function startInOrder({ inputs, atOnce }: RecordingBatch, work: RecordingWork): readonly Started[] {
  const started: Started[] = [];
  let running = 0;
  let isOver = false;
  function startNext(): void {
    for (; !isOver && running < atOnce && started.length < inputs.length; running++) {
      const input = inputs[started.length] as string;
      const turn = createTurn();
      started.push({ input, turn, ended: run(input, turn) });
    }
  }
  async function run(input: string, turn: Turn): Promise<{ readonly thrown: unknown } | null> {
    try {
      const rest = await work(input, turn.show).finally(() => running--);
      startNext();
      await turn.opened;
      await rest?.();
      return null;
    } catch (thrown) {
      if (thrown instanceof RefusedRequest || isEnd(exitCodeOf(thrown))) isOver = true;
      startNext();
      return { thrown };
    }
  }
  startNext();
  return started;
}

interface Turn {
  readonly show: Show;
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function createTurn(): Turn {
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  let held: (() => void)[] | null = [];
  return {
    opened,
    show: (write) => (held === null ? write() : void held.push(write)),
    open() {
      const writes = held ?? [];
      held = null;
      for (const write of writes) write();
      resolve();
    },
  };
}

function isEnd(code: ExitCode): boolean {
  return code === exitCodes.cancelled || code === exitCodes.daemonUnreachable;
}

function named(input: string, sentence: string): string {
  const name = shownName(input);
  return sentence.toLowerCase().includes(name.toLowerCase()) ? sentence : `${name}: ${sentence}`;
}
