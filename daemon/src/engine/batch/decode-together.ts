import type { NativeModel } from '@hearth/native';
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
export async function decodeTogether(
  model: NativeModel,
  calls: readonly DecodeCall[],
  onFirstToken: () => void,
): Promise<void> {
  const [{ request: shared }] = calls as [DecodeCall];
  const rows = calls.flatMap((call) => call.request.rows.map((row, index) => ({ row, index, call })));
  let isFirst = true;
  try {
    const results = await model.decode({
      rows: rows.map(({ row, call }) => ({ ...row, signal: call.request.signal })),
      filters: shared.filters,
      endOfText: shared.endOfText,
      noSpeech: shared.noSpeech,
      maxTokens: shared.maxTokens,
      onToken(event) {
        if (isFirst) onFirstToken();
        isFirst = false;
        const { call, index } = rows[event.row] as (typeof rows)[0];
        call.request.onToken?.({ row: index, token: event.token });
      },
    });
    for (const call of calls) {
      const own = results.filter((_, i) => rows[i]?.call === call);
      answer(call, own);
    }
  } catch (error) {
    for (const { reject } of calls) reject(error);
  }
}

function answer({ request, resolve, reject }: DecodeCall, results: Parameters<DecodeCall['resolve']>[0]): void {
  if (results.some(({ cancelled }) => cancelled)) {
    reject(new HearthError('CANCELLED', `Expected ${request.rows.length} rows to be decoded, got a cancellation.`));
  } else resolve(results);
}
