import { type ApiOperation, readApiOperations } from './api-operations.ts';
import { changeBytes } from './change-bytes.ts';
import { type Choices, createChoices } from './choices.ts';
import { judgeAnswers } from './judge-answers.ts';
import { makeRequest } from './make-request.ts';
import { type Batch, sendBatch } from './send-batch.ts';

export interface FuzzRequest {
  readonly socketPath: string;
  /** Where it listens on the network, if it does. */
  readonly network?: { readonly port: number; readonly token: string };
  readonly requests: number;
  readonly random: () => number;
  /** Hears each time that another ten thousand were sent. */
  readonly onTenThousand?: (sent: number) => Promise<void>;
}

export interface FuzzOutcome {
  readonly sent: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** What was wrong, each with what was sent. */
  readonly faults: readonly string[];
}

const connections = 16;
/** With one more fewer than a connection may have at a time. */
const mostPipelined = 8;
const shownBytes = 3000;
const mostFaults = 50;

/** Sends requests made from the API document, the last ones with bytes changed at random, and judges what comes back. */
export async function fuzzDaemon(request: FuzzRequest): Promise<FuzzOutcome> {
  const choices = createChoices(request.random);
  const operations = readApiOperations();
  const statuses: Record<string, number> = {};
  const faults: string[] = [];
  let sent = 0;
  async function work(): Promise<void> {
    while (sent < request.requests && faults.length < mostFaults) {
      const batch = makeBatch(request, operations, choices);
      const tenThousands = Math.floor(sent / 10_000);
      sent += batch.wholeCount + (batch.changed === null ? 0 : 1);
      const isTenThousand = Math.floor(sent / 10_000) !== tenThousands;
      const { received, connection } = await sendBatch(batch);
      if (received === null) faults.push(describe('no end of the connection', { ...batch, connection }));
      else if (!batch.isGone) {
        const judged = judgeAnswers({ ...batch, received, isChanged: batch.changed !== null });
        for (const status of judged.statuses) statuses[status] = (statuses[status] ?? 0) + 1;
        for (const fault of judged.faults) faults.push(describe(fault, { ...batch, received, connection }));
      }
      if (isTenThousand) await request.onTenThousand?.(sent);
    }
  }
  await Promise.all(Array.from({ length: connections }, work));
  return { sent, statuses, faults };
}

interface MadeBatch extends Batch {
  readonly isStranger: boolean;
  readonly methods: readonly string[];
}

function makeBatch(
  { socketPath, network }: FuzzRequest,
  operations: readonly ApiOperation[],
  choices: Choices,
): MadeBatch {
  const { below, chance } = choices;
  const isOverNetwork = network !== undefined && chance(0.35);
  const isStranger = isOverNetwork && chance(0.4);
  const wrongToken = chance(0.5) ? null : 'not-the-token-but-as-long-as-that-one';
  const token = isOverNetwork && !isStranger ? network.token : isStranger ? wrongToken : null;
  const isChanged = chance(0.6);
  const count = isChanged ? below(4) : 1 + below(mostPipelined);
  const requests = Array.from({ length: count }, (_, index) =>
    makeRequest({ operations, choices, token }, !isChanged && index === count - 1),
  );
  const last = isChanged ? makeRequest({ operations, choices, token }, chance(0.9)).bytes : null;
  return {
    place: isOverNetwork ? { host: '127.0.0.1', port: network.port } : { path: socketPath },
    isStranger,
    whole: Buffer.concat(requests.map(({ bytes }) => bytes)),
    wholeCount: count,
    methods: requests.map(({ method }) => method),
    changed: last === null ? null : changeBytes(last, choices),
    pieces: chance(0.8) ? 1 : 1 + below(6),
    isGone: chance(0.03),
  };
}

type Tried = MadeBatch & { readonly received?: Buffer; readonly connection: string };

function describe(fault: string, { whole, changed, received, connection }: Tried): string {
  const shown = (buffer: Buffer | null | undefined) =>
    JSON.stringify(buffer?.toString('latin1').slice(0, shownBytes) ?? '');
  return `${fault} (${connection}): ${shown(whole)} then ${shown(changed)} got ${shown(received)}`;
}
