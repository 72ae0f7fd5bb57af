-- When the platform last showed a mention, and when its counts are to be read again (NULL: no more).
ALTER TABLE mentions ADD COLUMN seen_at TEXT
;
UPDATE mentions SET seen_at = fetched_at
;
ALTER TABLE mentions ADD COLUMN check_at TEXT
;
-- Since when a mention is about no brand any more.
ALTER TABLE mentions ADD COLUMN unmatched_at TEXT
;
CREATE INDEX mentions_unmatched ON mentions (unmatched_at) WHERE unmatched_at IS NOT NULL
;
-- What retention deletes is the oldest of a platform.
DROP INDEX mentions_by_time
;
CREATE INDEX mentions_by_time ON mentions (platform, published_at)
;
CREATE INDEX mentions_to_check ON mentions (platform, check_at) WHERE check_at IS NOT NULL
;
CREATE INDEX mentions_by_duplicate ON mentions (duplicate_of) WHERE duplicate_of IS NOT NULL
;
-- What is deleted upstream leaves its row; the tombstone is what stays.
ALTER TABLE mentions DROP COLUMN deleted_at
;
-- What deleted mentions, too old to be kept, still count for in the figures of their days.
CREATE TABLE settled_metrics (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  platform TEXT NOT NULL,
  mentions INTEGER NOT NULL,
  authors INTEGER NOT NULL,
  likes INTEGER,
  shares INTEGER,
  comments INTEGER,
  views INTEGER,
  engagement INTEGER,
  rate_by_views_sum REAL NOT NULL,
  rate_by_views_n INTEGER NOT NULL,
  rate_by_followers_sum REAL NOT NULL,
  rate_by_followers_n INTEGER NOT NULL,
  positive INTEGER NOT NULL,
  neutral INTEGER NOT NULL,
  negative INTEGER NOT NULL,
  promoting INTEGER NOT NULL,
  detracting INTEGER NOT NULL,
  indifferent INTEGER NOT NULL,
  rating_sum REAL NOT NULL,
  rating_n INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day, platform)
) STRICT, WITHOUT ROWID
;
-- Whether its data was changed after it was written to files.
ALTER TABLE digests ADD COLUMN redacted INTEGER NOT NULL DEFAULT 0 CHECK (redacted IN (0, 1))
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
