-- Why a mention is kept but counted nowhere (own = 1); NULL: it counts.
ALTER TABLE mention_brands ADD COLUMN excluded_as TEXT
  CHECK (excluded_as IN ('own account', 'employee', 'excluded author'))
;
UPDATE mention_brands SET excluded_as = 'own account' WHERE own = 1
;
CREATE INDEX mention_brands_own ON mention_brands (brand_id) WHERE own = 1
;
-- What review_metrics adds up over 28 days.
CREATE INDEX daily_metrics_reviews ON daily_metrics (brand_id, platform, day, rating_n) WHERE rating_n > 0
