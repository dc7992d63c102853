import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { makeRoom, modelsBeyond, type RoomOfModel, type RoomRequest } from '../../../daemon/src/engine/make-room.ts';
import { processBytes } from '../../../daemon/src/models/memory-need.ts';

const mega = 1e6;

function model(id: number, more: Partial<RoomOfModel> = {}): RoomOfModel {
  return { id, heldBytes: 100 * mega, workBytes: 50 * mega, hold: null, isKept: false, ...more };
}

/** The engine's process, so many models, and the work of one of them. */
function bytesFor(models: number): number {
  return processBytes + models * 100 * mega + 50 * mega;
}

function ask(resident: readonly RoomOfModel[], more: Partial<RoomRequest> = {}): ReturnType<typeof makeRoom> {
  const limits = { budgetBytes: bytesFor(2), mostBytes: bytesFor(2) };
  return makeRoom({ resident, wanted: model(9), waitsFor: ['short'], ...limits, ...more });
}

test.each<[string, readonly RoomOfModel[], Partial<RoomRequest>, ReturnType<typeof makeRoom>]>([
  ['nothing goes where all fit', [model(1)], {}, { type: 'close', ids: [] }],
  ['the one used longest ago goes first', [model(1), model(2)], {}, { type: 'close', ids: [1] }],
  ['as many go as it takes', [model(1), model(2), model(3)], {}, { type: 'close', ids: [1, 2] }],
  ['one in use stays', [model(1, { hold: 'long' }), model(2)], {}, { type: 'close', ids: [2] }],
  ['one that is kept stays', [model(1, { isKept: true }), model(2)], {}, { type: 'close', ids: [2] }],
  ['a large one goes alone', [model(1, { heldBytes: 2e9 }), model(2)], {}, { type: 'close', ids: [1] }],
  [
    'one that is too large alone was asked before',
    [model(1)],
    { wanted: model(9, { heldBytes: 9e9 }) },
    { type: 'close', ids: [1] },
  ],
  [
    'those in use may take more than the budget',
    [model(1, { hold: 'long' }), model(2, { hold: 'short' }), model(3)],
    { mostBytes: bytesFor(3) },
    { type: 'close', ids: [3] },
  ],
  ['short work is worth waiting for', [model(1, { hold: 'short' }), model(2, { hold: 'long' })], {}, { type: 'wait' }],
  [
    'long work is not',
    [model(1, { hold: 'long' }), model(2, { isKept: true })],
    {},
    { type: 'refuse', takenBytes: bytesFor(2) },
  ],
  [
    'a bulk job waits for long work',
    [model(1, { hold: 'long' }), model(2, { isKept: true })],
    { waitsFor: ['short', 'long'] },
    { type: 'wait' },
  ],
  [
    'nobody waits for kept ones',
    [model(1, { isKept: true }), model(2, { isKept: true })],
    { waitsFor: ['short', 'long'] },
    { type: 'refuse', takenBytes: bytesFor(2) },
  ],
  [
    'nor where waiting would not help',
    [model(1, { isKept: true }), model(2, { isKept: true }), model(3, { hold: 'short' })],
    {},
    { type: 'refuse', takenBytes: bytesFor(3) },
  ],
])('%s', (_, resident, more, expected) => {
  expect(ask(resident, more)).toEqual(expected);
});

test('what one works with counts once: models take turns', () => {
  const resident = [model(1, { workBytes: 400 * mega }), model(2, { hold: 'long' })];
  const mostBytes = 9e9;
  expect(ask(resident, { mostBytes, budgetBytes: bytesFor(3) + 350 * mega })).toEqual({ type: 'close', ids: [] });
  expect(ask(resident, { mostBytes, budgetBytes: bytesFor(3) + 349 * mega })).toEqual({ type: 'close', ids: [1] });
});

test('beyond the budget idle models go, but never the last one', () => {
  const limits = { budgetBytes: bytesFor(1), mostBytes: bytesFor(9) };
  expect(modelsBeyond([model(1), model(2), model(3)], limits)).toEqual([1, 2]);
  expect(modelsBeyond([model(1, { hold: 'long' }), model(2, { isKept: true }), model(3)], limits)).toEqual([3]);
  expect(modelsBeyond([model(1, { heldBytes: 9e9 })], limits)).toEqual([]);
  expect(modelsBeyond([], limits)).toEqual([]);
});

test('whatever is in memory: nothing that is used or kept goes, and no more than is needed', () => {
  const resident = fc.array(
    fc.record({
      heldBytes: fc.integer({ min: 1, max: 500 }).map((size) => size * mega),
      workBytes: fc.integer({ min: 1, max: 500 }).map((size) => size * mega),
      hold: fc.constantFrom(null, 'short' as const, 'long' as const),
      isKept: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(resident, fc.integer({ min: 1, max: 3000 }), (models, budget) => {
      const known = models.map((each, id) => ({ ...each, id }));
      const limits = { budgetBytes: processBytes + budget * mega, mostBytes: processBytes + 2 * budget * mega };
      const room = ask(known, limits);
      if (room.type !== 'close') return;
      const closed = known.filter(({ id }) => room.ids.includes(id));
      expect(closed.every(({ hold, isKept }) => hold === null && !isKept)).toBe(true);
      // Each that went had to: with it back in memory, the budget is passed.
      const left = known.filter(({ id }) => !room.ids.includes(id));
      const last = closed.at(-1);
      if (last === undefined) return;
      const all = [...left, last, model(9)];
      const taken = all.reduce(
        (sum, { heldBytes }) => sum + heldBytes,
        processBytes + Math.max(...all.map((each) => each.workBytes)),
      );
      expect(taken).toBeGreaterThan(limits.budgetBytes);
    }),
  );
});
