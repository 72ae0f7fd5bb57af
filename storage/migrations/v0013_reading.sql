-- Every day of a brand's history under the first day of its period, so that a question about some weeks reads those.
CREATE TABLE period_days (
  brand_id INTEGER NOT NULL REFERENCES brands (id) ON DELETE CASCADE,
  period TEXT NOT NULL CHECK (period IN ('day', 'week', 'month')),
  first_day TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (brand_id, period, first_day, day)
) STRICT, WITHOUT ROWID
;
-- Monday to Sunday, and the month.
CREATE TRIGGER brand_days_added AFTER INSERT ON brand_days BEGIN
  INSERT INTO period_days VALUES
    (new.brand_id, 'day', new.day, new.day),
    (new.brand_id, 'week', date(new.day, '-6 days', 'weekday 1'), new.day),
    (new.brand_id, 'month', date(new.day, 'start of month'), new.day);
END
;
CREATE TRIGGER brand_days_removed AFTER DELETE ON brand_days BEGIN
  DELETE FROM period_days WHERE brand_id = old.brand_id AND day = old.day
    AND (period, first_day) IN (VALUES
      ('day', old.day),
      ('week', date(old.day, '-6 days', 'weekday 1')),
      ('month', date(old.day, 'start of month')));
END
;
INSERT INTO period_days
SELECT brand_id, 'day', day, day FROM brand_days
UNION ALL SELECT brand_id, 'week', date(day, '-6 days', 'weekday 1'), day FROM brand_days
UNION ALL SELECT brand_id, 'month', date(day, 'start of month'), day FROM brand_days
;
-- How often who promotes or detracts a brand: what author_days adds up to. Those who do most are read first.
CREATE TABLE author_stances (
  brand_id INTEGER NOT NULL,
  author_id INTEGER NOT NULL,
  stance TEXT NOT NULL CHECK (stance IN ('promoting', 'detracting')),
  mentions INTEGER NOT NULL,
  PRIMARY KEY (brand_id, author_id, stance)
) STRICT, WITHOUT ROWID
;
CREATE INDEX author_stances_most ON author_stances (brand_id, stance, mentions)
;
INSERT INTO author_stances
SELECT brand_id, author_id, 'promoting', sum(promoting) FROM author_days WHERE promoting > 0 GROUP BY brand_id, author_id
UNION ALL
SELECT brand_id, author_id, 'detracting', sum(detracting) FROM author_days WHERE detracting > 0 GROUP BY brand_id, author_id
;
