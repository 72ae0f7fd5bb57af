-- How often a mention's search for topics was begun without an end, and what the model said then.
ALTER TABLE topic_queue ADD COLUMN tries INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE topic_queue ADD COLUMN error TEXT
;
CREATE TABLE topic_failures (
  mention_id INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
  ticket INTEGER NOT NULL,
  reason TEXT NOT NULL,
  failed_at TEXT NOT NULL
) STRICT
;
