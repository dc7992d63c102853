import type { Migration } from '../sqlite/open-database.ts';

/** Trigrams find parts of words, and text of languages that put no spaces between them. */
const tables = `
  CREATE TABLE transcripts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT,
    createdAtMs INTEGER NOT NULL,
    durationSeconds REAL NOT NULL,
    language TEXT NOT NULL,
    task TEXT NOT NULL,
    model TEXT NOT NULL,
    options TEXT NOT NULL,
    text TEXT NOT NULL,
    result TEXT NOT NULL
  ) STRICT;
  CREATE INDEX transcriptsByTime ON transcripts (createdAtMs);
  CREATE VIRTUAL TABLE words USING fts5 (
    text, name, content = 'transcripts', content_rowid = 'seq', tokenize = 'trigram remove_diacritics 1'
  );
  CREATE TRIGGER addWords AFTER INSERT ON transcripts BEGIN
    INSERT INTO words (rowid, text, name) VALUES (new.seq, new.text, new.name);
  END;
  CREATE TRIGGER deleteWords AFTER DELETE ON transcripts BEGIN
    INSERT INTO words (words, rowid, text, name) VALUES ('delete', old.seq, old.text, old.name);
  END;
  INSERT INTO words (words, rank) VALUES ('secure-delete', 1);
`;

const dayMs = 86_400_000;

/**
 * Ages by the retention clock. Transcripts of version 0.1 get theirs from the times between them, of which none is
 * believed to be more than a month or less than nothing.
 */
const ages = `
  ALTER TABLE transcripts ADD COLUMN agedMs INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE clock (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    agedMs INTEGER NOT NULL,
    wallMs INTEGER NOT NULL,
    owedMs INTEGER NOT NULL
  ) STRICT;
  UPDATE transcripts SET agedMs = ages.agedMs FROM (
    SELECT seq, -sum(gapMs) OVER (ORDER BY seq DESC) AS agedMs FROM (
      SELECT seq, min(max(lead(createdAtMs, 1, createdAtMs) OVER (ORDER BY seq) - createdAtMs, 0), ${31 * dayMs}) AS gapMs
      FROM transcripts
    )
  ) AS ages WHERE ages.seq = transcripts.seq;
  INSERT INTO clock SELECT 1, 0, createdAtMs, 0 FROM transcripts ORDER BY seq DESC LIMIT 1;
  DROP INDEX transcriptsByTime;
  CREATE INDEX transcriptsByAge ON transcripts (agedMs);
`;

/** The largest time that `Date` can show; sums of a few stay integers. */
const possible = `BETWEEN -${8.64e15} AND ${8.64e15}`;

/**
 * `agedMs` of a transcript is now when its age begins, which is not before what was owed at its making is paid. For those that
 * are there, the computer's clock at their making says how much that was.
 */
const beginnings = `
  UPDATE transcripts SET agedMs = max(
    transcripts.agedMs,
    min(createdAtMs + clock.agedMs + clock.owedMs - clock.wallMs, clock.agedMs + max(clock.owedMs, 0))
  ) FROM clock
  WHERE createdAtMs ${possible} AND clock.agedMs ${possible} AND clock.owedMs ${possible} AND clock.wallMs ${possible};
`;

export const historyMigrations: readonly Migration[] = [
  (database) => database.exec(tables),
  (database) => database.exec(ages),
  (database) => database.exec(beginnings),
];
