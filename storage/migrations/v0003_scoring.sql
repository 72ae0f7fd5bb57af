-- What the text says, written when it is read: texts that say the same have the same key.
ALTER TABLE mentions ADD COLUMN text_key TEXT
;
CREATE INDEX mentions_by_text ON mentions (text_key) WHERE text_key IS NOT NULL
;
-- How often the text was begun to be read without an end, and what the model said then.
ALTER TABLE score_queue ADD COLUMN tries INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE score_queue ADD COLUMN error TEXT
;
CREATE TABLE score_failures (
  mention_id INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
  ticket INTEGER NOT NULL,
  reason TEXT NOT NULL,
  failed_at TEXT NOT NULL
) STRICT
;
