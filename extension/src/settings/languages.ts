/** Whisper's languages, by code. */
const codes = [
  ..."af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu".split(
    " ",
  ),
  ..."hy id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt".split(
    " ",
  ),
  ..."ro ru sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh".split(" "),
];

const names = new Intl.DisplayNames(["en"], { type: "language" });

export interface Language {
  code: string;
  name: string;
}

/** A language's English name, or its code if it has no name. */
export function languageName(code: string): string {
  // Whisper's code for Javanese differs from the standard.
  return names.of(code === "jw" ? "jv" : code) ?? code;
}

/** Languages to choose from, sorted by name. */
export const languages: Language[] = codes
  .map((code) => ({ code, name: languageName(code) }))
  .sort((left, right) => left.name.localeCompare(right.name));
