-- Topics as configured, and the brands whose mentions are shown by them.
CREATE TABLE topics (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL
) STRICT
;
CREATE TABLE topic_brands (
  topic_id INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  PRIMARY KEY (topic_id, brand_id)
) STRICT, WITHOUT ROWID
;
CREATE INDEX topic_brands_by_brand ON topic_brands (brand_id)
;
CREATE TABLE topic_queue (
  mention_id INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
  ticket INTEGER NOT NULL DEFAULT 1
) STRICT
;
-- What a mention says about a topic: the sentences in which its words stand, and what the model reads in them.
CREATE TABLE aspects (
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  topic_id INTEGER NOT NULL REFERENCES topics (id) ON DELETE CASCADE,
  term TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  model TEXT NOT NULL,
  label TEXT CHECK (label IN ('negative', 'neutral', 'positive')),
  score REAL CHECK (score BETWEEN -1 AND 1),
  PRIMARY KEY (mention_id, topic_id)
) STRICT
;
CREATE INDEX aspects_by_topic ON aspects (topic_id)
;
CREATE TABLE rising (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  rank INTEGER NOT NULL,
  term TEXT NOT NULL,
  documents INTEGER NOT NULL,
  total INTEGER NOT NULL,
  baseline_documents INTEGER NOT NULL,
  baseline_total INTEGER NOT NULL,
  z REAL NOT NULL,
  mention_id INTEGER REFERENCES mentions (id) ON DELETE SET NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day, rank)
) STRICT, WITHOUT ROWID
;
CREATE INDEX rising_by_mention ON rising (mention_id) WHERE mention_id IS NOT NULL
;
