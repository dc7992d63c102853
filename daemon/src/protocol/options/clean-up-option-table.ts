/** Options of dictated text, a part of `optionTable`. One that is not given follows `cleanUp`. */
export const cleanUpOptionTable = {
  cleanUp: {
    kind: 'boolean',
    default: false,
    group: 'Dictated text',
    description: 'Turn the four options below on, unless they are given. The decoded text stays as `raw`.',
    off: 'Do not clean up the text.',
  },
  replaceWords: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `cleanUp`',
    group: 'Dictated text',
    description: 'Write what `hearth words` lists: `@` for "at sign".',
    off: 'Do not use the list of words.',
  },
  spokenPunctuation: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `cleanUp`',
    group: 'Dictated text',
    description: 'Write signs and line breaks for their names: "comma", "new line".',
    off: 'Write the names of signs as words.',
  },
  dropFillers: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `cleanUp`',
    group: 'Dictated text',
    description: 'Leave out filler words: "um", "uh".',
    off: 'Keep filler words.',
  },
  capitalStart: {
    kind: 'boolean',
    default: null,
    otherwise: 'as `cleanUp`',
    group: 'Dictated text',
    description: 'Start the text, and what follows a spoken full stop or line break, with a capital.',
    off: 'Leave capitals as decoded.',
  },
} as const;
