import { type ReadAnswer, readAnswers } from './read-answers.ts';

export interface Exchange {
  readonly received: Buffer;
  /** Of the whole requests, in their order. */
  readonly methods: readonly string[];
  /** Whether bytes followed of which nobody knows what they ask. */
  readonly isChanged: boolean;
  /** Whether the requests came over the network without the right token. */
  readonly isStranger: boolean;
}

export interface Judgement {
  readonly statuses: readonly string[];
  /** What no daemon may answer. */
  readonly faults: readonly string[];
}

/** Answers that somebody without the token may get: refusals. */
const forStrangers = ['400', '401', '403', '408', '431', '503'];

/** Looks for faults of the daemon in what it answered. */
export function judgeAnswers(exchange: Exchange): Judgement {
  const { answers, problem } = readAnswers(exchange.received, exchange.methods);
  const statuses = answers.map(({ status }) => String(status));
  const granted = exchange.isStranger ? statuses.filter((status) => !forStrangers.includes(status)) : [];
  return {
    statuses,
    faults: [
      ...statuses.filter((status) => status === '500').map(() => '500'),
      ...granted.map((status) => `${status} without a token`),
      ...judgeWhole(exchange, answers, problem),
    ],
  };
}

function judgeWhole(
  { methods, isChanged }: Exchange,
  answers: readonly ReadAnswer[],
  problem: string | null,
): readonly string[] {
  const known = answers.slice(0, methods.length);
  const faults = known.flatMap((answer, index) => judgeBody(answer, methods[index] ?? ''));
  // A connection that the daemon closes early says so.
  const isCut = known.length < methods.length && known.at(-1)?.headers.get('connection') !== 'close';
  const isTooMuch = !isChanged && answers.length > methods.length;
  if (isCut || isTooMuch) faults.push(`${answers.length} answers to ${methods.length} requests`);
  if (problem !== null && (!isChanged || isCut)) faults.push(problem);
  return faults;
}

function judgeBody({ status, headers, body }: ReadAnswer, method: string): readonly string[] {
  if (method === 'HEAD' || status === 204) return [];
  const type = headers.get('content-type') ?? '';
  if (!type.startsWith('application/json')) return status < 400 ? [] : [`${status} of the type ${type}`];
  try {
    const { error } = JSON.parse(body.toString()) as { error?: { code?: unknown; message?: unknown; hint?: unknown } };
    if (status < 400) return [];
    const isTold = [error?.code, error?.message, error?.hint].every((text) => typeof text === 'string');
    return isTold ? [] : [`${status} without a code, a message or a hint`];
  } catch {
    return [`${status} with JSON that is none`];
  }
}
