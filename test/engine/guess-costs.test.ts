import { simulateGuesses } from '@hearth/native/testing';
import { expect, test } from '@jest/globals';

type Costs = Omit<Parameters<typeof simulateGuesses>[0], 'right'>;

/** About what an NVIDIA H200 takes for large-v3 with a draft of large-v3-turbo's shape (docs/performance-gpu.md). */
const asOnH200: Costs = { guessRuns: 0.14, readingRuns: 0.04, extraRuns: 0.75, hearingRuns: 1.8, estimatedRuns: 0.19 };
/** Where rounds were rehearsed. */
const warm: Costs = { ...asOnH200, rehearsals: 4 };

/** Whether a guess at each place would be right: the same in every run (a linear congruential generator). */
function guessesRightFor(share: number, tokenCount: number): readonly number[] {
  let state = 3;
  return Array.from({ length: tokenCount }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 < share ? 1 : 0;
  });
}

/** Of each session. */
function costsOf(
  share: number,
  costs: Costs,
  tokenCount = 400,
): { readonly perToken: readonly number[]; readonly guesses: number } {
  const { runs, guesses } = simulateGuesses({ right: guessesRightFor(share, tokenCount), ...costs });
  return { perToken: runs.map((each) => each / tokenCount), guesses };
}

function costOf(
  share: number,
  costs: Costs,
  tokenCount = 400,
): { readonly perToken: number; readonly guesses: number } {
  const { perToken, guesses } = costsOf(share, costs, tokenCount);
  return { perToken: perToken[0] as number, guesses };
}

test('guesses that take more time than they save come to an end, also where they are half right', () => {
  for (const share of [0, 0.3, 0.5]) {
    const { perToken } = costOf(share, warm);
    process.stdout.write(`${share} right: ${perToken.toFixed(3)} of the time\n`);
    expect(perToken).toBeLessThan(1.04);
  }
});

test('a smaller model that is never right costs a short text next to nothing, once others have met it', () => {
  const [first, ...later] = costsOf(0, { ...warm, sessions: 20 }, 100).perToken;
  process.stdout.write(`first ${first?.toFixed(3)}, later ${later.map((each) => each.toFixed(3)).join(', ')}\n`);
  expect(first).toBeLessThan(1.07);
  expect(Math.max(...later)).toBeLessThan(1.04);
});

test('and it does not hear clips that end before it would guess again', () => {
  const clipTokens = 20;
  const { perToken } = costsOf(0, { ...warm, sessions: 20 }, clipTokens);
  // Its first token is not guessed.
  for (const each of perToken.slice(1)) expect(each).toBeCloseTo((clipTokens - 1) / clipTokens, 9);
});

test('guesses that are right save time', () => {
  expect(costOf(0.8, warm).perToken).toBeLessThan(0.95);
  expect(costOf(1, warm).perToken).toBeLessThan(0.6);
});

test('guesses that become right late in a text are noticed', () => {
  const wrongFor = 2000;
  const right = [...guessesRightFor(0, wrongFor), ...guessesRightFor(1, 1000)];
  const { runs } = simulateGuesses({ ...warm, right });
  const perToken = ((runs[0] as number) - wrongFor) / 1000;
  process.stdout.write(`right after ${wrongFor} wrong ones: ${perToken.toFixed(3)} of the time\n`);
  expect(perToken).toBeLessThan(0.6);
});

test('guesses that are half right go on where they take next to nothing, whatever was thought of them before', () => {
  const cheap = { guessRuns: 0.03, readingRuns: 0.01, extraRuns: 0, estimatedRuns: 0.3 };
  expect(costOf(0.5, cheap).perToken).toBeLessThan(0.65);
});

test('a smaller model that is no faster does not guess for long, however right it is', () => {
  const dear = { guessRuns: 1.1, readingRuns: 0.05, extraRuns: 0.2, estimatedRuns: 0.1 };
  const { perToken, guesses } = costOf(1, dear);
  expect(perToken).toBeLessThan(1.25);
  expect(guesses).toBeLessThan(100);
});

test('a round that takes long whatever its guesses does not end guesses that save time', () => {
  const early = { guessRuns: 0.19, readingRuns: 0.05, extraRuns: 0.5, estimatedRuns: 0.22 };
  expect(costOf(0.8, early).perToken).toBeLessThan(0.85);
  expect(costOf(1, early).perToken).toBeLessThan(0.5);
});

test('the first runs of each kind may take ten times as long: guesses go on as if they had not', () => {
  const settled = costOf(1, asOnH200);
  const cold = costOf(1, { ...asOnH200, coldRuns: 10 });
  expect(cold.guesses).toBe(settled.guesses);
});

test('guesses that were slow for a while come back', () => {
  const costs = { ...asOnH200, slowRuns: 8, slowUntil: 150 };
  expect(costOf(1, costs, 150).guesses).toBeLessThan(60);
  const { guesses, perToken } = costOf(1, costs, 1500);
  expect(guesses).toBeGreaterThan(750);
  expect(perToken).toBeLessThan(0.8);
});
