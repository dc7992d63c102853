import type { NativeModel } from '@hearth/native';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { embeddedModelFolder } from './fork-engine.ts';
import { testLanguages } from './parity/languages.ts';
import { testTokenFigures, testTokens } from './parity/tokens.ts';
import { describeWords, testWords } from './parity/words.ts';
import { loadEmbeddedModel } from './support/embedded-model.ts';
import { readableRecordings } from './support/recordings.ts';
import { referenceAnswers } from './support/reference-answers.ts';
import { rememberEncodings } from './support/remember-encodings.ts';
import { countWordErrors } from './support/word-errors.ts';

let embedded: NativeModel;
let model: NativeModel;

beforeAll(async () => {
  embedded = await loadEmbeddedModel();
  model = rememberEncodings(embedded, { folder: embeddedModelFolder, takes: 'nothing' });
});

afterAll(() => {
  process.stdout.write(describeWords());
  model.close();
});

const compared = readableRecordings.filter(({ file }) => referenceAnswers[file] !== undefined);

/** All that is asked of a recording is asked in a row, so that each of its windows is encoded once. */
describe.each(compared)('$file', (recording) => {
  testLanguages(recording, () => model);
  if (recording.sameSamples) testTokens(recording.file, { model: () => model, embedded: () => embedded });
  testWords(recording, () => model);
});

testTokenFigures();

test.each([
  ['It costs TEN dollars, doesn’t it?', 'it costs 10 dollars doesnt it', 'en', 0, 6],
  ['one two three', 'one too', 'en', 2, 3],
  ['今天天气怎么样？', '今天天氣怎么样', 'zh', 1, 7],
  ['', 'you', 'en', 1, 0],
])('of "%s", "%s" has the right count of errors', (said, written, language, errors, words) => {
  expect(countWordErrors({ said, written, language })).toEqual({ errors, words });
});
