import { simulateGuesses } from '@hearth/native/testing';
import { expect, test } from '@jest/globals';

const tokenCount = 400;
/** About what an NVIDIA H200 takes for large-v3 with a draft of large-v3-turbo's shape. */
const asOnH200 = { guessRuns: 0.35, readingRuns: 0.1, extraRuns: 0.1, estimatedRuns: 0.16 };

/** Whether a guess at each place would be right: the same in every run (a linear congruential generator). */
function guessesRightFor(share: number): readonly number[] {
  let state = 3;
  return Array.from({ length: tokenCount }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < share ? 1 : 0;
  });
}

function costOf(share: number, costs: typeof asOnH200): { readonly perToken: number; readonly guesses: number } {
  const { runs, guesses } = simulateGuesses({ right: guessesRightFor(share), ...costs });
  return { perToken: runs / tokenCount, guesses };
}

test('guesses that take more time than they save come to an end, also where they are half right', () => {
  for (const share of [0, 0.3, 0.5]) expect(costOf(share, asOnH200).perToken).toBeLessThan(1.06);
});

test('guesses that are right save time', () => {
  expect(costOf(0.8, asOnH200).perToken).toBeLessThan(0.95);
  expect(costOf(1, asOnH200).perToken).toBeLessThan(0.6);
});

test('guesses that are half right go on where they take next to nothing, whatever was thought of them before', () => {
  const cheap = { guessRuns: 0.03, readingRuns: 0.01, extraRuns: 0, estimatedRuns: 0.3 };
  expect(costOf(0.5, cheap).perToken).toBeLessThan(0.65);
});

test('a smaller model that is no faster does not guess for long, however right it is', () => {
  const dear = { guessRuns: 1.1, readingRuns: 0.05, extraRuns: 0.2, estimatedRuns: 0.1 };
  const { perToken, guesses } = costOf(1, dear);
  expect(perToken).toBeLessThan(1.25);
  expect(guesses).toBeLessThan(tokenCount / 4);
});
