import type { DecodeRow, NativeModel } from '@hearth/native';
import { HearthError } from '../../errors/hearth-error.ts';
import type { Waiting } from './calls.ts';

type DecodeCall = Waiting<'decode'>;

/** Rows that are filtered alike and end alike can be decoded together, whatever their temperatures and languages. */
export function fitsWith(first: DecodeCall): (call: DecodeCall) => boolean {
  const keyOf = ({ request: { filters, endOfText, noSpeech, maxTokens } }: DecodeCall) =>
    JSON.stringify([filters, endOfText, noSpeech, maxTokens]);
  const key = keyOf(first);
  return (call) => call === first || keyOf(call) === key;
}

/** All rows of all calls in one batch; each leaves it when it is finished or its own call is cancelled. */
export async function decodeTogether(model: NativeModel, calls: readonly DecodeCall[]): Promise<void> {
  const [{ request: shared }] = calls as [DecodeCall];
  try {
    const encoding = await model.joinEncodings(calls.map(({ request }) => ({ encoding: request.encoding })));
    try {
      const rows = calls.flatMap(rowsInBatch(calls));
      const results = await model.decode({
        encoding,
        rows: rows.map(({ row }) => row),
        filters: shared.filters,
        endOfText: shared.endOfText,
        noSpeech: shared.noSpeech,
        maxTokens: shared.maxTokens,
        onToken({ row, token }) {
          const { call, index } = rows[row] as BatchRow;
          call.request.onToken?.({ row: index, token });
        },
      });
      for (const call of calls)
        answer(
          call,
          results.filter((_, i) => rows[i]?.call === call),
        );
    } finally {
      encoding.close();
    }
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

/** A row in the batch, and which of its call's rows it is. */
interface BatchRow {
  readonly row: DecodeRow;
  readonly call: DecodeCall;
  readonly index: number;
}

function rowsInBatch(calls: readonly DecodeCall[]): (call: DecodeCall) => BatchRow[] {
  return (call) => {
    const before = calls.slice(0, calls.indexOf(call));
    const firstWindow = before.reduce((count, { request }) => count + request.encoding.windowCount, 0);
    const { rows, cancellation } = call.request;
    return rows.map((row, index) => ({
      row: { ...row, window: firstWindow + row.window, ...(cancellation && { cancellation }) },
      call,
      index,
    }));
  };
}

function answer({ request, resolve, reject }: DecodeCall, results: Parameters<DecodeCall['resolve']>[0]): void {
  if (results.some(({ cancelled }) => cancelled)) {
    reject(new HearthError('CANCELLED', `Expected ${request.rows.length} rows to be decoded, got a cancellation.`));
  } else resolve(results);
}
