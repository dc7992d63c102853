import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanTranscript } from '../../../daemon/src/clean-up/clean-transcript.ts';
import { type CleanUpParts, prepareCleanUp } from '../../../daemon/src/clean-up/create-clean-up.ts';
import { fillerWords } from '../../../daemon/src/clean-up/filler-words.ts';
import { spokenPunctuation } from '../../../daemon/src/clean-up/spoken-punctuation.ts';
import { languages } from '../../../daemon/src/languages/languages.ts';
import type { Segment, Transcript, Word } from '../../../daemon/src/protocol/transcript.ts';
import type { Replacement } from '../../../daemon/src/protocol/words.ts';

const all: CleanUpParts = { replaceWords: true, spokenPunctuation: true, dropFillers: true, capitalStart: true };
const none: CleanUpParts = {
  replaceWords: false,
  spokenPunctuation: false,
  dropFillers: false,
  capitalStart: false,
};

function segmentOf(text: string, words?: readonly Word[]): Segment {
  return {
    id: 0,
    seek: 0,
    start: 0,
    end: 10,
    text,
    tokens: [],
    temperature: 0,
    avg_logprob: 0,
    compression_ratio: 1,
    no_speech_prob: 0,
    ...(words !== undefined && { words }),
  };
}

/** The text of segments that follow one another. */
function cleaned(
  texts: string | readonly string[],
  { parts = all, language = 'en', list = [] }: Partial<{ parts: CleanUpParts; language: string; list: Replacement[] }>,
): string {
  const clean = prepareCleanUp(parts, list)();
  return [texts]
    .flat()
    .map((text) => clean(segmentOf(text), language).text)
    .join('');
}

/** One word for each part, a second long, the first at 0 s. */
function wordsOf(...parts: readonly string[]): Word[] {
  return parts.map((word, index) => ({ word, start: index, end: index + 1, probability: 1 - index / 10 }));
}

test.each([
  ['en', ' hello comma how are you question mark new line I am fine period', ' Hello, how are you?\nI am fine.'],
  ['en', ' Hello, comma, how are you? Question mark. New paragraph. So.', ' Hello, how are you?\n\nSo.'],
  ['en', ' He said open quote hello close quote period', ' He said “hello”.'],
  ['en', ' it is well hyphen known, dash, they say', ' It is well-known – they say'],
  ['en', ' Um, so I was, uh, thinking. I think, um. Yes, um I do', ' So I was thinking. I think. Yes, I do'],
  [
    'de',
    ' sehr geehrter Herr Meier Komma neue Zeile ich schreibe, äh, Ihnen Punkt',
    ' Sehr geehrter Herr Meier,\nich schreibe Ihnen.',
  ],
  [
    'fr',
    ' bonjour virgule comment ça va point d’interrogation à la ligne euh, bien',
    ' Bonjour, comment ça va\u202f?\nBien',
  ],
  ['es', ' hola coma abre interrogación qué tal signo de interrogación punto y aparte bien', ' Hola, ¿qué tal?\nBien'],
  ['it', ' ciao virgola come stai punto interrogativo a capo ehm, bene', ' Ciao, come stai?\nBene'],
  ['pt', ' olá vírgula tudo bem ponto de interrogação nova linha hum, sim', ' Olá, tudo bem?\nSim'],
  ['nl', ' hallo komma hoe gaat het vraagteken nieuwe regel uhm, goed', ' Hallo, hoe gaat het?\nGoed'],
  ['ja', 'えーと、今日は読点いい天気です句点改行そうですね', '今日は、いい天気です。\nそうですね'],
])('%s: signs, line breaks, filler words and capitals: %s', (language, said, written) => {
  expect(cleaned(said, { language })).toBe(written);
});

test('a language without tables gets replacements and a capital', () => {
  const list = [{ say: 'małpa', write: '@' }];
  expect(cleaned(' przecinek jan małpa przykład', { language: 'pl', list })).toBe(' Przecinek jan @ przykład');
});

describe('replacements', () => {
  test.each([
    ['whole words count', ' the cat at the catalogue', [{ say: 'cat', write: 'dog' }], ' the dog at the catalogue'],
    ['letters with accents are letters', ' caf café', [{ say: 'caf', write: 'x' }], ' x café'],
    ['also those of two characters', ' caf cafe\u0301 cafe\u0301', [{ say: 'café', write: 'x' }], ' caf x x'],
    ['capitals and spaces make no difference', ' At  SIGN', [{ say: 'at sign', write: '@' }], ' @'],
    ['nor does a hyphen', ' at-sign', [{ say: 'at sign', write: '@' }], ' @'],
    ['what is around stays', ' (at sign), at sign.', [{ say: 'At Sign', write: '@' }], ' (@), @.'],
    [
      'signs in the list are signs',
      ' C++ and a.b',
      [
        { say: 'c++', write: 'C' },
        { say: 'a.b', write: 'ab' },
      ],
      ' C and ab',
    ],
    [
      'the longest counts',
      ' new york city',
      [
        { say: 'new york', write: 'NY' },
        { say: 'New York City', write: 'NYC' },
      ],
      ' NYC',
    ],
    [
      'nothing is replaced twice',
      ' a b',
      [
        { say: 'a', write: 'b' },
        { say: 'b', write: 'a' },
      ],
      ' b a',
    ],
    ['an empty one leaves words out', ' so you know it works', [{ say: 'you know', write: '' }], ' so it works'],
    ['scripts without spaces', '山田アットマーク例', [{ say: 'アットマーク', write: '@' }], '山田@例'],
    ['a dollar is a dollar', ' price', [{ say: 'price', write: '$& $1' }], ' $& $1'],
  ])('%s', (_, said, list, written) => {
    expect(cleaned(said, { parts: { ...none, replaceWords: true }, list })).toBe(written);
  });

  test('protect what they write from every later step', () => {
    const list = [
      { say: 'Jurassic period', write: 'Jurassic period' },
      { say: 'my site', write: 'um.example' },
    ];
    expect(cleaned(' my site shows the Jurassic period period', { list })).toBe(
      ' um.example shows the Jurassic period.',
    );
  });
});

test('each part can be had alone', () => {
  const said = ' um, hello comma at sign';
  const list = [{ say: 'at sign', write: '@' }];
  const withPart = (part: keyof CleanUpParts) => cleaned(said, { parts: { ...none, [part]: true }, list });
  expect(withPart('replaceWords')).toBe(' um, hello comma @');
  expect(withPart('spokenPunctuation')).toBe(' um, hello, at sign');
  expect(withPart('dropFillers')).toBe(' hello comma at sign');
  expect(withPart('capitalStart')).toBe(' Um, hello comma at sign');
});

describe('from one segment to the next', () => {
  test('a spoken sign at the start follows the text before it without a space', () => {
    expect(cleaned([' hello', ' comma how', ' are you question mark', ' fine'], {})).toBe(' Hello, how are you? Fine');
  });

  test('a line break leaves no space at the start of the next one', () => {
    expect(cleaned([' Hello. New line', ' how are you'], {})).toBe(' Hello.\nHow are you');
  });

  test('a decoded sign at the end of a segment stays, and a spoken one after it is dropped', () => {
    expect(cleaned([' Hello,', ' comma how'], {})).toBe(' Hello, how');
  });

  test('a segment of filler words is empty and keeps what was decoded', () => {
    const clean = prepareCleanUp(all, [])();
    expect(clean(segmentOf(' Um.', wordsOf(' Um.')), 'en')).toMatchObject({ text: '', raw: ' Um.', words: [] });
  });
});

test('a transcript with segments that were cleaned before is cleaned once', () => {
  const clean = prepareCleanUp(all, [])();
  const words = wordsOf(' um,', ' period', ' drama', ' period');
  const first = clean(segmentOf(' um, period drama period', words), 'en');
  const facts = { task: 'transcribe', language: 'en', text: '' } as unknown as Transcript;
  const again = cleanTranscript({ ...facts, segments: [first, segmentOf(' so it is')] }, prepareCleanUp(all, [])());
  expect(again.segments[0]).toEqual(first);
  expect(again.text).toBe(`${first.text} So it is`);
  expect(again.raw).toBe(' um, period drama period so it is');
});

describe('words', () => {
  test('what stands for several words begins with the first and ends with the last', () => {
    const clean = prepareCleanUp(all, [{ say: 'at sign', write: '@' }])();
    const words = wordsOf(' John', ' at', ' sign', ' example.');
    expect(clean(segmentOf(' John at sign example.', words), 'en').words).toEqual([
      { word: ' John', start: 0, end: 1, probability: 1 },
      { word: ' @', start: 1, end: 3, probability: 0.8 },
      { word: ' example.', start: 3, end: 4, probability: 0.7 },
    ]);
  });

  test('a spoken sign belongs to the word before it, whose time stays', () => {
    const words = wordsOf(' hello', ' comma', ' new', ' line', ' um,', ' you');
    expect(prepareCleanUp(all, [])()(segmentOf(' hello comma new line um, you', words), 'en').words).toEqual([
      { word: ' Hello,\n', start: 0, end: 1, probability: 1 },
      { word: 'You', start: 5, end: 6, probability: 0.5 },
    ]);
  });

  test('an opening sign belongs to the word after it', () => {
    const words = wordsOf(' say', ' open', ' quote', ' hello', ' close', ' quote');
    expect(prepareCleanUp(all, [])()(segmentOf(' say open quote hello close quote', words), 'en').words).toMatchObject([
      { word: ' Say', start: 0, end: 1 },
      { word: ' “hello”', start: 3, end: 4 },
    ]);
  });
});

const vocabulary = Object.entries(spokenPunctuation).flatMap(([language, table]) => [
  ...Object.values(table).flatMap((phrases) => (phrases === true ? [] : Object.values(phrases).flat())),
  ...(fillerWords[language] ?? []),
]);
const someText = fc
  .array(
    fc.oneof(fc.constantFrom(...vocabulary, ',', '.', '…', '\n', '('), fc.string({ unit: 'grapheme', maxLength: 8 })),
  )
  .map((parts) => parts.map((part) => ` ${part}`).join(''));
const someLanguage = fc.constantFrom(...languages.map(([code]) => code));

describe('whatever is said', () => {
  test('nothing changes if no part is wanted, and what was decoded is kept', () => {
    fc.assert(
      fc.property(someText, someLanguage, (text, language) => {
        expect(prepareCleanUp(none, [])()(segmentOf(text), language)).toMatchObject({
          // A line break alone is a text.
          text: /^[^\S\n]*$/u.test(text) ? '' : text,
          raw: text,
        });
      }),
    );
  });

  test('words together are the text, in order and within the time of those they stand for', () => {
    fc.assert(
      fc.property(fc.array(someText, { minLength: 1, maxLength: 4 }), someLanguage, (texts, language) => {
        const list = [
          { say: 'comma', write: 'Komma,\n' },
          { say: 'a', write: '' },
          { say: '…', write: ' x ' },
        ];
        const clean = prepareCleanUp(all, list)();
        for (const text of texts) {
          const words = wordsOf(...(text.match(/\s*\S+/gu) ?? []));
          const result = clean(segmentOf(text, words), language);
          const placed = result.words ?? [];
          if (words.length > 0 && text === words.map(({ word }) => word).join('')) {
            expect(placed.map(({ word }) => word).join('')).toBe(result.text);
          }
          for (const [index, { start, end }] of placed.entries()) {
            expect(start).toBeLessThan(end);
            expect(start).toBeGreaterThanOrEqual(placed[index - 1]?.end ?? 0);
            expect(end).toBeLessThanOrEqual(words.length);
          }
        }
      }),
    );
  });

  test('what the list writes is in the text to the letter', () => {
    fc.assert(
      fc.property(someText, someText, fc.string({ unit: 'grapheme', minLength: 1 }), (before, after, write) => {
        const text = cleaned(`${before} zyxw ${after}`, { list: [{ say: 'zyxw', write }] });
        expect(text).toContain(write);
      }),
    );
  });

  test('the same text gives the same result', () => {
    fc.assert(
      fc.property(fc.array(someText), someLanguage, (texts, language) => {
        expect(cleaned(texts, { language })).toBe(cleaned(texts, { language }));
      }),
    );
  });

  test('ordinary sentences with a capital are left alone', () => {
    const word = fc.constantFrom('the', 'river', 'Thames', 'flows', 'slowly', '1984', "don't", 'naïve');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.constantFrom('.', '?', '!', ','), (words, end) => {
        const text = ` The ${words.join(' ')}${end}`;
        expect(cleaned(text, {})).toBe(text);
      }),
    );
  });

  test('a text of 100,000 characters takes no more than its share of work', () => {
    const long = ' um, hello    ,,,,....   comma'.repeat(4000);
    expect(cleaned(long, {}).length).toBeGreaterThan(4000);
  });
});

test('each speaker begins a sentence of their own, whatever another one is saying', () => {
  const clean = prepareCleanUp(all, [])();
  const said = [
    ['left', ' hello comma'],
    ['right', ' yes question mark'],
    ['left', ' how are you period'],
    ['right', ' fine'],
  ] as const;
  expect(said.map(([speaker, text]) => clean({ ...segmentOf(text), speaker }, 'en').text)).toEqual([
    ' Hello,',
    ' Yes?',
    ' how are you.',
    ' Fine',
  ]);
});
