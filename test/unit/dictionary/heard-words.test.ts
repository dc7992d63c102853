import { expect, test } from '@jest/globals';
import { findHeard } from '../../../daemon/src/dictionary/heard-words.ts';

const ordinary = new Set('said will the next morning is it not steel puts a lap into her and on my way'.split(' '));

function heard(text: string, led: string, ...words: readonly string[]): readonly string[] {
  return findHeard(text, {
    led,
    entries: words.map((word) => ({ word })),
    isOrdinary: ({ letters }) => ordinary.has(letters),
  }).map(({ start, end, word }) => `${text.slice(start, end)} → ${word}`);
}

test.each([
  ['a name', ' at Houston...', ' at Helstone.', ['Helstone'], ['Houston → Helstone']],
  [
    'two names',
    ' at Mainz by Schoffer in',
    ' at Maintz by Schoeffer in',
    ['Maintz', 'Schoeffer'],
    ['Mainz → Maintz', 'Schoffer → Schoeffer'],
  ],
  ['a name of two words', ' in San Siba', ' in Sansibar City', ['Sansibar City'], ['San Siba → Sansibar City']],
  [
    'words that are one',
    ' said Chather in the next',
    ' said Catherine the next',
    ['Catherine'],
    ['Chather in → Catherine'],
  ],
  [
    'a name beside other changes',
    ' puts puddle into her lap',
    ' puts Puttel in to her lap',
    ['Puttel'],
    ['puddle → Puttel'],
  ],
  [
    'a name of which one word was right',
    ' by Peter Schoffer in',
    ' by Peter Schoeffer in',
    ['Peter Schoeffer'],
    ['Peter Schoffer → Peter Schoeffer'],
  ],
  [
    'names beside each other',
    ' by Pita Schoffer in',
    ' by Peter Schoeffer in',
    ['Peter', 'Schoeffer'],
    ['Pita → Peter', 'Schoffer → Schoeffer'],
  ],
  ['a text that is a name', ' Houston.', ' Helstone', ['Helstone'], ['Houston → Helstone']],
  ['a name in a script without spaces', '他叫王晓明。', '他叫王小明。', ['王小明'], ['王晓明 → 王小明']],
])('%s is taken from the other text', (_, text, led, words, expected) => {
  expect(heard(text, led, ...words)).toEqual(expected);
});

test.each([
  ['what nobody said', ' the next morning', ' the next morning Helstone', ['Helstone']],
  ['the list itself', ' the next morning', ' Helstone, Tilney.', ['Helstone', 'Tilney']],
  ['a name where something else was', ' the next morning', ' the next Kubernetes', ['Kubernetes']],
  ['a name for one ordinary word', ' it is steel', ' it is Steele', ['Steele']],
  ['changes without a name', ' shockdaw was', ' shocked I was', ['Helstone']],
  ['two names in the place of one', ' at Houston', ' at Helstone Hilston', ['Helstone', 'Hilston']],
  ['a name that both have', ' Helstone is it', ' Helstone is it not', ['Helstone']],
  [
    'a long text that has nothing to do with it',
    ` ${'it is not '.repeat(80)}`,
    ` ${'Helstone her lap '.repeat(80)}`,
    ['Helstone'],
  ],
  ['a part of a longer word', ' at Houston', ' at Helstoners', ['Helstone']],
  ['an empty text', '', ' Helstone', ['Helstone']],
])('%s is not taken', (_, text, led, words) => {
  expect(heard(text, led, ...words)).toEqual([]);
});
