-- One correction a mention: the last word counts.
CREATE UNIQUE INDEX corrections_by_mention ON corrections (mention_id)
;
-- Adjustments of a model's probabilities; at most one of a model is in force.
CREATE TABLE tunings (
  id INTEGER PRIMARY KEY,
  model TEXT NOT NULL,
  basis TEXT NOT NULL CHECK (basis IN ('corrections', 'stream')),
  exponent REAL NOT NULL,
  factor_negative REAL NOT NULL,
  factor_neutral REAL NOT NULL,
  factor_positive REAL NOT NULL,
  report TEXT NOT NULL,
  created_at TEXT NOT NULL,
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  carried_out INTEGER NOT NULL CHECK (carried_out IN (0, 1))
) STRICT
;
CREATE UNIQUE INDEX tunings_active ON tunings (model) WHERE active = 1
;
-- Which tuning made label and score of the probabilities; NULL: none did.
ALTER TABLE sentiment_scores ADD COLUMN tuning_id INTEGER REFERENCES tunings (id)
