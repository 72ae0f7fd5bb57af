-- The local hour (0 to 23) of publication, beside the local day.
ALTER TABLE mention_brands ADD COLUMN hour INTEGER CHECK (hour BETWEEN 0 AND 23)
;
-- When the business first answered in public (reviews). answered: 0 not yet, 1 yes, NULL: the platform does not show answers.
ALTER TABLE mentions ADD COLUMN answered INTEGER CHECK (answered IN (0, 1))
;
ALTER TABLE mentions ADD COLUMN answered_at TEXT
;
-- Everything is computed anew: the figures know more.
INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics
;
DROP TABLE daily_metrics
;
-- Sums and counts, never means. All but copies and copies_engagement are over originals (duplicate_of IS NULL).
-- X_n: mentions with a known X.
CREATE TABLE daily_metrics (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  platform TEXT NOT NULL,
  version INTEGER NOT NULL,
  mixes INTEGER NOT NULL DEFAULT 1 CHECK (mixes IN (0, 1)),
  mentions INTEGER NOT NULL,
  authors INTEGER NOT NULL,
  copies INTEGER NOT NULL,
  copies_engagement INTEGER,
  likes INTEGER,
  shares INTEGER,
  comments INTEGER,
  views INTEGER,
  engagement INTEGER,
  likes_n INTEGER NOT NULL,
  shares_n INTEGER NOT NULL,
  comments_n INTEGER NOT NULL,
  views_n INTEGER NOT NULL,
  engagement_n INTEGER NOT NULL,
  reach INTEGER,
  reach_n INTEGER NOT NULL,
  reach_engagement INTEGER,
  unique_reach INTEGER,
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
  stars_1 INTEGER NOT NULL,
  stars_2 INTEGER NOT NULL,
  stars_3 INTEGER NOT NULL,
  stars_4 INTEGER NOT NULL,
  stars_5 INTEGER NOT NULL,
  answerable INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  answer_hours_sum REAL NOT NULL,
  answer_hours_n INTEGER NOT NULL,
  PRIMARY KEY (brand_id, day, platform)
) STRICT, WITHOUT ROWID
;
ALTER TABLE settled_metrics ADD COLUMN copies INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN copies_engagement INTEGER
;
ALTER TABLE settled_metrics ADD COLUMN likes_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN shares_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN comments_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN views_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN engagement_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN reach INTEGER
;
ALTER TABLE settled_metrics ADD COLUMN reach_n INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN reach_engagement INTEGER
;
ALTER TABLE settled_metrics ADD COLUMN unique_reach INTEGER
;
ALTER TABLE settled_metrics ADD COLUMN stars_1 INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN stars_2 INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN stars_3 INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN stars_4 INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN stars_5 INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN answerable INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN answered INTEGER NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN answer_hours_sum REAL NOT NULL DEFAULT 0
;
ALTER TABLE settled_metrics ADD COLUMN answer_hours_n INTEGER NOT NULL DEFAULT 0
;
-- Who spoke on a brand's day: unique authors and their reach do not add up over days. Originals only.
CREATE TABLE author_days (
  brand_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  author_id INTEGER NOT NULL,
  mentions INTEGER NOT NULL,
  promoting INTEGER NOT NULL,
  detracting INTEGER NOT NULL,
  engagement INTEGER,
  followers INTEGER,
  PRIMARY KEY (brand_id, day, author_id)
) STRICT, WITHOUT ROWID
;
CREATE INDEX author_days_promoting ON author_days (brand_id, author_id, day, promoting, engagement) WHERE promoting > 0
;
CREATE INDEX author_days_detracting ON author_days (brand_id, author_id, day, detracting, engagement) WHERE detracting > 0
;
-- A brand's day cut by language, local hour or topic. Originals only.
CREATE TABLE daily_slices (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  dimension TEXT NOT NULL CHECK (dimension IN ('language', 'hour', 'topic')),
  day TEXT NOT NULL,
  value TEXT NOT NULL,
  mentions INTEGER NOT NULL,
  positive INTEGER NOT NULL,
  neutral INTEGER NOT NULL,
  negative INTEGER NOT NULL,
  promoting INTEGER NOT NULL,
  detracting INTEGER NOT NULL,
  PRIMARY KEY (brand_id, dimension, day, value)
) STRICT, WITHOUT ROWID
;
CREATE TABLE settled_slices (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  dimension TEXT NOT NULL,
  day TEXT NOT NULL,
  value TEXT NOT NULL,
  mentions INTEGER NOT NULL,
  positive INTEGER NOT NULL,
  neutral INTEGER NOT NULL,
  negative INTEGER NOT NULL,
  promoting INTEGER NOT NULL,
  detracting INTEGER NOT NULL,
  PRIMARY KEY (brand_id, dimension, day, value)
) STRICT, WITHOUT ROWID
;
-- Every definition that ever was in force here: one is good from its version of the figures to the next of its name.
CREATE TABLE definitions (
  metric TEXT NOT NULL,
  version INTEGER NOT NULL,
  formula TEXT NOT NULL,
  unit TEXT NOT NULL,
  source TEXT,
  in_force_from TEXT NOT NULL,
  PRIMARY KEY (metric, version)
) STRICT, WITHOUT ROWID
;
-- What changed what is listened to: from when on a source was added, paused, failing, well again or removed.
CREATE TABLE source_events (
  source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  at TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('added', 'removed', 'paused', 'failing', 'recovered')),
  detail TEXT,
  PRIMARY KEY (source_id, at, event)
) STRICT, WITHOUT ROWID
;
-- Texts that wait to be compared with others, and the MinHash bands of the recent ones.
CREATE TABLE duplicate_queue (
  mention_id INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
  ticket INTEGER NOT NULL DEFAULT 1
) STRICT
;
