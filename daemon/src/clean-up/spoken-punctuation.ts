type Phrases = Readonly<Record<string, readonly string[]>>;

/** How the signs of a language are called when somebody dictates: each sign with its names. */
export interface SpokenPunctuation {
  /** Signs of a sentence, which take the place of punctuation that was decoded beside them. */
  readonly mark: Phrases;
  readonly opening: Phrases;
  readonly closing: Phrases;
  /** Signs without a space on either side. */
  readonly joining: Phrases;
  readonly break: Phrases;
  /** A line that follows a comma, such as the one of a salutation, goes on in lower case. */
  readonly lowerCaseAfterComma?: true;
}

/** By Whisper's code of the language. */
export const spokenPunctuation: Readonly<Record<string, SpokenPunctuation>> = {
  en: {
    mark: {
      ',': ['comma'],
      '.': ['period', 'full stop'],
      '?': ['question mark'],
      '!': ['exclamation mark', 'exclamation point'],
      ':': ['colon'],
      ';': ['semicolon', 'semi colon'],
      '…': ['ellipsis', 'dot dot dot'],
      ' –': ['dash'],
    },
    opening: {
      '(': ['open parenthesis', 'open paren', 'open bracket', 'left parenthesis'],
      '“': ['open quote', 'open quotes', 'begin quote', 'begin quotes'],
    },
    closing: {
      ')': ['close parenthesis', 'close paren', 'close bracket', 'right parenthesis'],
      '”': ['close quote', 'close quotes', 'end quote', 'end quotes'],
    },
    joining: { '-': ['hyphen'] },
    break: { '\n': ['new line', 'newline', 'next line'], '\n\n': ['new paragraph', 'next paragraph'] },
  },
  de: {
    mark: {
      ',': ['Komma', 'Beistrich'],
      '.': ['Punkt'],
      '?': ['Fragezeichen'],
      '!': ['Ausrufezeichen', 'Rufzeichen'],
      ':': ['Doppelpunkt'],
      ';': ['Semikolon', 'Strichpunkt'],
      '…': ['Auslassungspunkte', 'drei Punkte'],
      ' –': ['Gedankenstrich'],
    },
    opening: { '(': ['Klammer auf'], '„': ['Anführungszeichen auf', 'Anführungszeichen unten'] },
    closing: { ')': ['Klammer zu'], '“': ['Anführungszeichen zu', 'Anführungszeichen oben'] },
    joining: { '-': ['Bindestrich'] },
    break: { '\n': ['neue Zeile'], '\n\n': ['neuer Absatz', 'neuen Absatz'] },
    lowerCaseAfterComma: true,
  },
  fr: {
    mark: {
      ',': ['virgule'],
      '.': ['point', 'point final'],
      '\u202f?': ["point d'interrogation"],
      '\u202f!': ["point d'exclamation"],
      '\u00a0:': ['deux points'],
      '\u202f;': ['point virgule'],
      '…': ['points de suspension', 'trois petits points'],
      ' –': ['tiret long'],
    },
    opening: {
      '(': ['ouvrez la parenthèse', 'ouvrir la parenthèse'],
      '«\u00a0': ['ouvrez les guillemets', 'ouvrir les guillemets'],
    },
    closing: {
      ')': ['fermez la parenthèse', 'fermer la parenthèse'],
      '\u00a0»': ['fermez les guillemets', 'fermer les guillemets'],
    },
    joining: { '-': ["trait d'union", 'tiret'] },
    break: { '\n': ['à la ligne', 'nouvelle ligne', 'retour à la ligne'], '\n\n': ['nouveau paragraphe'] },
  },
  es: {
    mark: {
      ',': ['coma'],
      '.': ['punto', 'punto final', 'punto y seguido'],
      '.\n': ['punto y aparte'],
      '?': ['signo de interrogación', 'cerrar interrogación', 'cierra interrogación'],
      '!': ['signo de exclamación', 'cerrar exclamación', 'cierra exclamación'],
      ':': ['dos puntos'],
      ';': ['punto y coma'],
      '…': ['puntos suspensivos'],
      ' –': ['raya'],
    },
    opening: {
      '(': ['abrir paréntesis', 'abre paréntesis'],
      '«': ['abrir comillas', 'abre comillas'],
      '¿': ['abrir interrogación', 'abre interrogación'],
      '¡': ['abrir exclamación', 'abre exclamación'],
    },
    closing: { ')': ['cerrar paréntesis', 'cierra paréntesis'], '»': ['cerrar comillas', 'cierra comillas'] },
    joining: { '-': ['guion', 'guión'] },
    break: { '\n': ['nueva línea'], '\n\n': ['nuevo párrafo'] },
  },
  it: {
    mark: {
      ',': ['virgola'],
      '.': ['punto', 'punto fermo'],
      '.\n': ['punto a capo', 'punto e a capo'],
      '?': ['punto interrogativo', 'punto di domanda'],
      '!': ['punto esclamativo'],
      ':': ['due punti'],
      ';': ['punto e virgola'],
      '…': ['puntini di sospensione', 'tre puntini'],
      ' –': ['lineetta'],
    },
    opening: { '(': ['apri parentesi', 'aperta parentesi'], '«': ['apri virgolette', 'aperte virgolette'] },
    closing: { ')': ['chiudi parentesi', 'chiusa parentesi'], '»': ['chiudi virgolette', 'chiuse virgolette'] },
    joining: { '-': ['trattino'] },
    break: { '\n': ['a capo', 'nuova riga'], '\n\n': ['nuovo paragrafo'] },
  },
  pt: {
    mark: {
      ',': ['vírgula'],
      '.': ['ponto', 'ponto final'],
      '?': ['ponto de interrogação'],
      '!': ['ponto de exclamação'],
      ':': ['dois pontos'],
      ';': ['ponto e vírgula'],
      '…': ['reticências'],
      ' –': ['travessão'],
    },
    opening: { '(': ['abrir parênteses', 'abre parênteses', 'abre parêntese'], '“': ['abrir aspas', 'abre aspas'] },
    closing: {
      ')': ['fechar parênteses', 'fecha parênteses', 'fecha parêntese'],
      '”': ['fechar aspas', 'fecha aspas'],
    },
    joining: { '-': ['hífen'] },
    break: { '\n': ['nova linha'], '\n\n': ['novo parágrafo'] },
  },
  nl: {
    mark: {
      ',': ['komma'],
      '.': ['punt'],
      '?': ['vraagteken'],
      '!': ['uitroepteken'],
      ':': ['dubbele punt', 'dubbelepunt'],
      ';': ['puntkomma', 'punt komma'],
      '…': ['beletselteken', 'drie puntjes'],
      ' –': ['gedachtestreepje'],
    },
    opening: { '(': ['haakje openen', 'haakje open'], '“': ['aanhalingsteken openen', 'aanhalingstekens openen'] },
    closing: { ')': ['haakje sluiten', 'haakje dicht'], '”': ['aanhalingsteken sluiten', 'aanhalingstekens sluiten'] },
    joining: { '-': ['koppelteken', 'streepje'] },
    break: { '\n': ['nieuwe regel'], '\n\n': ['nieuwe alinea'] },
  },
  ja: {
    mark: {
      '、': ['読点', 'とうてん'],
      '。': ['句点', 'くてん'],
      '？': ['疑問符', 'クエスチョンマーク', 'はてなマーク'],
      '！': ['感嘆符', 'エクスクラメーションマーク', 'ビックリマーク', 'びっくりマーク'],
      '：': ['コロン'],
      '；': ['セミコロン'],
      '…': ['三点リーダー'],
    },
    opening: {
      '（': ['括弧開く', 'かっこ開く', 'カッコ開く'],
      '「': ['かぎ括弧開く', 'カギカッコ開く', 'かぎかっこ開く'],
    },
    closing: {
      '）': ['括弧閉じる', 'かっこ閉じる', 'カッコ閉じる'],
      '」': ['かぎ括弧閉じる', 'カギカッコ閉じる', 'かぎかっこ閉じる'],
    },
    joining: { '・': ['中黒'] },
    break: { '\n': ['改行'], '\n\n': ['改段落', '新しい段落'] },
  },
};
