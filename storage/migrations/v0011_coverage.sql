-- Nobody noted when the sources that are here were added: their first mention tells, or else their last poll.
INSERT OR IGNORE INTO source_events (source_id, at, event)
SELECT s.id, coalesce(m.fetched_at, s.last_ok_at, s.last_polled_at, s.next_poll_at), 'added'
FROM sources s
LEFT JOIN (SELECT source_id, min(mention_id) AS mention_id FROM mention_brands GROUP BY source_id) f ON f.source_id = s.id
LEFT JOIN mentions m ON m.id = f.mention_id
;
INSERT OR IGNORE INTO source_events (source_id, at, event)
SELECT id, last_polled_at, 'removed' FROM sources
WHERE active = 0 AND connector <> 'import' AND last_polled_at IS NOT NULL
;
-- Those in trouble have been silent since their last success.
INSERT OR IGNORE INTO source_events (source_id, at, event, detail)
SELECT id, coalesce(last_ok_at, paused_at, last_polled_at), iif(paused_at IS NULL, 'failing', 'paused'), last_error
FROM sources WHERE active = 1 AND failures > 0 AND last_polled_at IS NOT NULL
;
-- The same for each brand, on its local days; a spell of failing or paused lasts until its source answers again.
CREATE TABLE coverage (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  source_id INTEGER NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
  since TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('added', 'removed', 'paused', 'failing')),
  first_day TEXT NOT NULL,
  until TEXT,
  last_day TEXT,
  detail TEXT,
  PRIMARY KEY (brand_id, source_id, since, event)
) STRICT, WITHOUT ROWID
;
CREATE INDEX coverage_by_source ON coverage (source_id)
;
-- SQLite knows no time zones: these days are those of UTC.
INSERT INTO coverage
SELECT b.id, e.source_id, e.at, e.event, date(e.at),
  iif(e.event IN ('added', 'removed'), e.at, NULL), iif(e.event IN ('added', 'removed'), date(e.at), NULL), e.detail
FROM source_events e
JOIN sources s ON s.id = e.source_id
JOIN brands b ON s.watch -> '$.brands' IS NULL OR b.name IN (SELECT value FROM json_each(s.watch, '$.brands'))
;
-- Every day of a brand's history, with mentions or without.
CREATE TABLE brand_days (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  PRIMARY KEY (brand_id, day)
) STRICT, WITHOUT ROWID
;
-- Of weeks and months; not every SQLite can compute the square root that these need.
CREATE TABLE advocacy_intervals (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  period TEXT NOT NULL CHECK (period IN ('week', 'month')),
  first_day TEXT NOT NULL,
  low REAL,
  high REAL,
  PRIMARY KEY (brand_id, period, first_day)
) STRICT, WITHOUT ROWID
;
INSERT OR IGNORE INTO dirty_days SELECT brand_id, day, platform FROM daily_metrics
;
