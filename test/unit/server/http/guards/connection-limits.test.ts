import { expect, test } from '@jest/globals';
import { connectionLimits } from '../../../../../daemon/src/server/http/guards/connection-limits.ts';

test.each([
  ['no limit', Number.POSITIVE_INFINITY, { socket: 512, network: 128 }],
  ['a Mac’s default of 10,240', 10_240, { socket: 512, network: 128 }],
  ['256', 256, { socket: 78, network: 19 }],
  ['64', 64, { socket: 6, network: 4 }],
  ['hardly any', 10, { socket: 4, network: 4 }],
])('with %s open files the socket keeps most of the connections', (_, openFiles, limits) => {
  expect(connectionLimits(openFiles)).toEqual(limits);
});

test('the limit of this process is read', () => {
  expect(connectionLimits().socket).toBeGreaterThan(4);
});
