import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { requireOwnHome } from '../../../daemon/src/settings/require-own-home.ts';

let home: string;
const isRoot = process.getuid?.() === 0;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-owner-'));
  // Somebody who runs the tests as any other user is somebody else than root already.
  if (isRoot) chownSync(home, 4242, 4242);
});

afterEach(() => rmSync(home, { recursive: true }));

test.each(['', 'not/made/yet'])('sudo in the home of a user is refused: %j', (below) => {
  const caller = { userId: 0, environment: { SUDO_UID: '4242' } };
  expect(() => requireOwnHome(join(home, below), caller)).toThrow(
    expect.objectContaining({ code: 'HOME_NOT_WRITABLE', hint: expect.stringContaining('without sudo') }),
  );
});

test('its user, root by itself and sudo in a home of root are not', () => {
  requireOwnHome(home, { userId: 4242, environment: {} });
  requireOwnHome(home, { userId: 0, environment: {} });
  requireOwnHome('/', { userId: 0, environment: { SUDO_UID: '4242' } });
});
