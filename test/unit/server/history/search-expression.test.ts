import { expect, test } from '@jest/globals';
import { searchExpression } from '../../../../daemon/src/server/history/search-expression.ts';

test('words and phrases are looked for once, however often they are written', () => {
  const query = '"made when" Upon '.repeat(30);
  expect(searchExpression(`${query} upon an AN`)).toEqual({ match: '"made when" AND "upon"', patterns: ['%AN%'] });
});

test('of very many words the longest are looked for, and the beginnings of long ones', () => {
  const many = Array.from({ length: 100 }, (_, index) => `word${index}`);
  const { match, patterns } = searchExpression(`${many.join(' ')} ${'x'.repeat(500)} ${[...'abcdefghijkl'].join(' ')}`);
  expect(match?.split(' AND ')).toHaveLength(6);
  expect(match).toContain(`"${'x'.repeat(32)}"`);
  expect(patterns).toHaveLength(8);
});
