const symbols = [
  ...'"#()*+/:;<=>@[\\]^_`{|}~「」『』',
  ...['<<', '>>', '<<<', '>>>', '--', '---', '-(', '-[', "('", '("', '((', '))', '(((', ')))'],
  ...['[[', ']]', '{{', '}}', '♪♪', '♪♪♪'],
];
/** U+2640 to U+267F share their first two bytes, so that the first token of several may be suppressed. */
const musicalSymbols = [...'♩♪♫♬♭♮♯'];

/**
 * Tokens of speaker tags and sound descriptions, which nobody says (openai/whisper tokenizer.py `non_speech_tokens`).
 * Hyphens and quotes stay allowed inside words.
 */
export function nonSpeechTokens(encode: (text: string) => readonly number[]): number[] {
  const tokens = new Set([encode(' -')[0] as number, encode(" '")[0] as number]);
  for (const symbol of [...symbols, ...musicalSymbols]) {
    for (const encoded of [encode(symbol), encode(` ${symbol}`)]) {
      if (encoded.length === 1 || musicalSymbols.includes(symbol)) tokens.add(encoded[0] as number);
    }
  }
  return [...tokens].sort((a, b) => a - b);
}
