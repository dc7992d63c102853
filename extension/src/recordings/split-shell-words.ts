/** Splits a line like a shell: at spaces that are neither escaped nor quoted. */
export function splitShellWords(line: string): string[] {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let isInWord = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] as string;
    const next = line[at + 1];
    if (character === "\\" && next !== undefined && (quote === "" || (quote === '"' && '"\\$`'.includes(next)))) {
      word += next;
      at++;
      isInWord = true;
    } else if (quote === "" ? character === "'" || character === '"' : character === quote) {
      quote = quote === "" ? character : "";
      isInWord = true;
    } else if (quote === "" && /\s/.test(character)) {
      if (isInWord) words.push(word);
      word = "";
      isInWord = false;
    } else {
      word += character;
      isInWord = true;
    }
  }
  return isInWord ? [...words, word] : words;
}
