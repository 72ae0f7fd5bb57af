-- When the platform last showed a mention, and when its counts are to be read again (NULL: no more).
ALTER TABLE mentions ADD COLUMN seen_at TEXT
;
UPDATE mentions SET seen_at = fetched_at
;
ALTER TABLE mentions ADD COLUMN check_at TEXT
;
CREATE INDEX mentions_to_check ON mentions (platform, check_at) WHERE check_at IS NOT NULL
;
CREATE INDEX mentions_by_duplicate ON mentions (duplicate_of) WHERE duplicate_of IS NOT NULL
;
-- What is deleted upstream leaves its row; the tombstone is what stays.
ALTER TABLE mentions DROP COLUMN deleted_at
;
-- Figures of a day whose mentions retention has deleted: they stay as they are.
ALTER TABLE daily_metrics ADD COLUMN settled INTEGER NOT NULL DEFAULT 0 CHECK (settled IN (0, 1))
;
-- Whether a platform's terms let its counts be summed with those of others.
ALTER TABLE daily_metrics ADD COLUMN mixes INTEGER NOT NULL DEFAULT 1 CHECK (mixes IN (0, 1))
;
CREATE TABLE quotas (
  connector TEXT NOT NULL,
  quota TEXT NOT NULL,
  day TEXT NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (connector, quota, day)
) STRICT, WITHOUT ROWID
;
