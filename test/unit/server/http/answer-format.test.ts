import { expect, test } from '@jest/globals';
import type { AnswerFormat } from '../../../../daemon/src/protocol/options/answer-option-table.ts';
import { answerFormat } from '../../../../daemon/src/server/http/answer-format.ts';

test.each<[string | undefined, AnswerFormat | undefined, AnswerFormat]>([
  [undefined, undefined, 'json'],
  ['*/*', undefined, 'json'],
  ['image/png', undefined, 'json'],
  ['application/x-ndjson', undefined, 'ndjson'],
  ['text/html, text/vtt;q=0.8', undefined, 'vtt'],
  ['text/plain;q=0.5, text/vtt, application/x-subrip;q=0.9', undefined, 'vtt'],
  ['text/vtt;q=0', undefined, 'json'],
  ['TEXT/PLAIN', undefined, 'txt'],
  ['text/vtt, */*;q=0.5', undefined, 'vtt'],
  ['text/html, */*;q=0.8', undefined, 'json'],
  [';;, q=x', undefined, 'json'],
  ['text/plain', 'srt', 'srt'],
  ['text/plain', 'ndjson', 'ndjson'],
])('Accept %s and format %s give %s', (accept, wanted, expected) => {
  expect(answerFormat(accept, wanted)).toBe(expected);
});
