import { expect, test } from '@jest/globals';
import type { AnswerFormat } from '../../../../daemon/src/protocol/options/answer-option-table.ts';
import { answerFormat } from '../../../../daemon/src/server/http/answer-format.ts';

test.each<[string | undefined, AnswerFormat | null, AnswerFormat]>([
  [undefined, null, 'json'],
  ['*/*', null, 'json'],
  ['image/png', null, 'json'],
  ['application/x-ndjson', null, 'ndjson'],
  ['text/html, text/vtt;q=0.8', null, 'vtt'],
  ['text/plain;q=0.5, text/vtt, application/x-subrip;q=0.9', null, 'vtt'],
  ['text/vtt;q=0', null, 'json'],
  ['TEXT/PLAIN', null, 'txt'],
  ['text/vtt, */*;q=0.5', null, 'vtt'],
  ['text/html, */*;q=0.8', null, 'json'],
  [';;, q=x', null, 'json'],
  ['text/plain', 'srt', 'srt'],
  ['text/plain', 'ndjson', 'ndjson'],
])('Accept %s and format %s give %s', (accept, wanted, expected) => {
  expect(answerFormat(accept, wanted)).toBe(expected);
});
