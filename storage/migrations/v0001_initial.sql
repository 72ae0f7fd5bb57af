-- Times are UTC text, 2026-11-22T13:00:00Z; a day is the brand's own, 2026-11-22; NULL is unknown, never zero.
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID
;
CREATE TABLE brands (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  query TEXT NOT NULL,
  timezone TEXT NOT NULL,
  competitor INTEGER NOT NULL DEFAULT 0 CHECK (competitor IN (0, 1)),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1))
) STRICT
;
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  connector TEXT NOT NULL,
  watch TEXT NOT NULL,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  cursor TEXT,
  next_poll_at TEXT NOT NULL,
  paused_at TEXT,
  failures INTEGER NOT NULL DEFAULT 0,
  last_polled_at TEXT,
  last_ok_at TEXT,
  last_new_at TEXT,
  last_error TEXT
) STRICT
;
CREATE TABLE authors (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  handle TEXT,
  name TEXT,
  url TEXT,
  followers INTEGER,
  UNIQUE (platform, platform_id)
) STRICT
;
CREATE TABLE mentions (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('post', 'comment', 'review', 'article')),
  parent_id TEXT,
  thread_id TEXT,
  url TEXT,
  author_id INTEGER REFERENCES authors (id),
  author_followers INTEGER,
  title TEXT,
  text TEXT NOT NULL,
  lang TEXT,
  published_at TEXT NOT NULL,
  edited_at TEXT,
  fetched_at TEXT NOT NULL,
  rating REAL CHECK (rating BETWEEN 1 AND 5),
  likes INTEGER,
  shares INTEGER,
  comments INTEGER,
  views INTEGER,
  counted_at TEXT NOT NULL,
  engagement INTEGER GENERATED ALWAYS AS (
    CASE WHEN coalesce(likes, shares, comments) IS NOT NULL
    THEN coalesce(likes, 0) + coalesce(shares, 0) + coalesce(comments, 0) END
  ) VIRTUAL,
  stance TEXT CHECK (stance IN ('promoting', 'detracting', 'indifferent')),
  stance_evidence TEXT,
  deleted_at TEXT,
  hidden_at TEXT,
  duplicate_of INTEGER REFERENCES mentions (id),
  UNIQUE (platform, platform_id)
) STRICT
;
CREATE INDEX mentions_by_author ON mentions (author_id)
;
CREATE INDEX mentions_by_time ON mentions (published_at)
;
CREATE TABLE mention_brands (
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  source_id INTEGER NOT NULL REFERENCES sources (id),
  term TEXT NOT NULL,
  day TEXT NOT NULL,
  own INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1)),
  PRIMARY KEY (mention_id, brand_id)
) STRICT, WITHOUT ROWID
;
CREATE INDEX mention_brands_by_day ON mention_brands (brand_id, day)
;
CREATE TABLE sentiment_scores (
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  score REAL NOT NULL CHECK (score BETWEEN -1 AND 1),
  p_negative REAL,
  p_neutral REAL,
  p_positive REAL,
  scored_at TEXT NOT NULL,
  is_current INTEGER NOT NULL CHECK (is_current IN (0, 1)),
  PRIMARY KEY (mention_id, model)
) STRICT, WITHOUT ROWID
;
CREATE UNIQUE INDEX sentiment_scores_current ON sentiment_scores (mention_id) WHERE is_current = 1
;
CREATE TABLE score_queue (
  mention_id INTEGER PRIMARY KEY REFERENCES mentions (id) ON DELETE CASCADE,
  ticket INTEGER NOT NULL DEFAULT 1
) STRICT
;
CREATE TABLE engagement_snapshots (
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  taken_at TEXT NOT NULL,
  likes INTEGER,
  shares INTEGER,
  comments INTEGER,
  views INTEGER,
  PRIMARY KEY (mention_id, taken_at)
) STRICT, WITHOUT ROWID
;
CREATE TABLE dirty_days (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  platform TEXT NOT NULL,
  PRIMARY KEY (brand_id, day, platform)
) STRICT, WITHOUT ROWID
;
CREATE TABLE daily_metrics (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  platform TEXT NOT NULL,
  version INTEGER NOT NULL,
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
CREATE TABLE daily_advocacy (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  version INTEGER NOT NULL,
  promoting INTEGER NOT NULL,
  detracting INTEGER NOT NULL,
  indifferent INTEGER NOT NULL,
  advocacy REAL,
  low REAL,
  high REAL,
  PRIMARY KEY (brand_id, day)
) STRICT, WITHOUT ROWID
;
CREATE TABLE digests (
  id INTEGER PRIMARY KEY,
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  language TEXT NOT NULL,
  data TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (brand_id, day)
) STRICT
;
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  brand_id INTEGER REFERENCES brands (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  data TEXT NOT NULL,
  raised_at TEXT NOT NULL
) STRICT
;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  digest_id INTEGER REFERENCES digests (id) ON DELETE CASCADE,
  alert_id INTEGER REFERENCES alerts (id) ON DELETE CASCADE,
  recipient TEXT NOT NULL,
  message_id TEXT NOT NULL UNIQUE,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_try_at TEXT NOT NULL,
  last_error TEXT,
  sent_at TEXT,
  CHECK ((digest_id IS NULL) <> (alert_id IS NULL))
) STRICT
;
CREATE INDEX outbox_pending ON outbox (next_try_at) WHERE sent_at IS NULL
;
CREATE TABLE rejects (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES sources (id),
  fingerprint TEXT NOT NULL,
  reason TEXT NOT NULL,
  raw TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  UNIQUE (source_id, fingerprint)
) STRICT
;
CREATE TABLE tombstones (
  platform TEXT NOT NULL,
  platform_id TEXT NOT NULL,
  deleted_at TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (platform, platform_id)
) STRICT, WITHOUT ROWID
;
CREATE TABLE usage (
  connector TEXT NOT NULL,
  month TEXT NOT NULL,
  calls INTEGER NOT NULL DEFAULT 0,
  micro_usd INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (connector, month)
) STRICT, WITHOUT ROWID
;
CREATE TABLE corrections (
  id INTEGER PRIMARY KEY,
  mention_id INTEGER NOT NULL REFERENCES mentions (id) ON DELETE CASCADE,
  label TEXT NOT NULL CHECK (label IN ('negative', 'neutral', 'positive')),
  note TEXT,
  created_at TEXT NOT NULL
) STRICT
;
CREATE VIRTUAL TABLE mentions_fts USING fts5 (
  title, text, content = 'mentions', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2"
)
;
CREATE TRIGGER mentions_fts_insert AFTER INSERT ON mentions BEGIN
  INSERT INTO mentions_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END
;
CREATE TRIGGER mentions_fts_delete AFTER DELETE ON mentions BEGIN
  INSERT INTO mentions_fts (mentions_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END
;
CREATE TRIGGER mentions_fts_update AFTER UPDATE OF title, text ON mentions
WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN
  INSERT INTO mentions_fts (mentions_fts, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO mentions_fts (rowid, title, text) VALUES (new.id, new.title, new.text);
END
;
