-- Mentions stored before the hour was: empty once it is filled in.
CREATE INDEX mention_brands_without_hour ON mention_brands (brand_id) WHERE hour IS NULL
;
-- Of the definitions by which the deleted mentions were counted.
ALTER TABLE settled_metrics ADD COLUMN version INTEGER NOT NULL DEFAULT 1
;
