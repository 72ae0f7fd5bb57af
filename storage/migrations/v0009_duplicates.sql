-- What mentions are compared by: two that share a key may say the same. Keys are hashes of the address and of the words,
-- kept for ever; bands are of the words' MinHash, kept while the mention is recent. copy is mentions.duplicate_of once
-- more (0: NULL), so that the originals of a key are found without reading its copies; at is published_at in seconds.
CREATE TABLE likeness_keys (
  key INTEGER NOT NULL,
  copy INTEGER NOT NULL CHECK (copy IN (0, 1)),
  at INTEGER NOT NULL,
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  PRIMARY KEY (key, copy, at, mention_id)
) STRICT, WITHOUT ROWID
;
CREATE INDEX likeness_keys_by_mention ON likeness_keys (mention_id)
;
CREATE TABLE likeness_bands (
  key INTEGER NOT NULL,
  copy INTEGER NOT NULL CHECK (copy IN (0, 1)),
  at INTEGER NOT NULL,
  mention_id INTEGER NOT NULL,
  PRIMARY KEY (key, copy, at, mention_id)
) STRICT, WITHOUT ROWID
;
INSERT OR IGNORE INTO duplicate_queue (mention_id) SELECT id FROM mentions
;
