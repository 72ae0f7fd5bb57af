-- The public interface of the database. docs/schema.md has a line for every view and column.
-- Where a view groups, it groups by the very columns that its readers filter by (b.name, d.day): only then SQLite
-- takes their WHERE inside and reads those days alone (tests/storage/test_plans.py).
CREATE VIEW mention_overview AS
SELECT
  m.id AS mention_id,
  b.name AS brand,
  m.platform,
  m.platform_id,
  m.kind,
  m.url,
  coalesce(a.handle, a.name) AS author,
  m.author_followers,
  m.title,
  m.text,
  m.lang,
  m.published_at,
  mb.day,
  m.rating,
  m.likes,
  m.shares,
  m.comments,
  m.views,
  m.engagement,
  CAST(m.engagement AS REAL) / nullif(m.views, 0) AS engagement_rate,
  CAST(m.engagement AS REAL) / nullif(m.author_followers, 0) AS engagement_rate_by_followers,
  s.label AS sentiment_label,
  s.score AS sentiment_score,
  s.model AS sentiment_model,
  m.stance,
  m.stance_evidence,
  mb.term AS matched_term,
  src.name AS source,
  m.duplicate_of,
  mb.own AS own_account,
  mb.hour,
  m.answered,
  m.answered_at,
  mb.excluded_as
FROM mention_brands mb
JOIN mentions m ON m.id = mb.mention_id
JOIN brands b ON b.id = mb.brand_id
JOIN sources src ON src.id = mb.source_id
LEFT JOIN authors a ON a.id = m.author_id
LEFT JOIN sentiment_scores s ON s.mention_id = m.id AND s.is_current = 1
WHERE m.hidden_at IS NULL
;
-- Version 1 of the definitions did not count stars, nor how many mentions have a known count: then they are unknown.
CREATE VIEW engagement_by_platform AS
SELECT
  b.name AS brand,
  d.day,
  d.platform,
  d.mentions,
  d.authors,
  d.likes,
  d.shares,
  d.comments,
  d.views,
  d.engagement,
  d.rate_by_views_sum / nullif(d.rate_by_views_n, 0) AS engagement_rate_by_views,
  d.rate_by_views_n AS engagement_rate_by_views_n,
  d.rate_by_followers_sum / nullif(d.rate_by_followers_n, 0) AS engagement_rate_by_followers,
  d.rate_by_followers_n AS engagement_rate_by_followers_n,
  d.positive,
  d.neutral,
  d.negative,
  CAST(d.positive - d.negative AS REAL) / nullif(d.positive + d.negative, 0) AS net_sentiment,
  d.rating_sum / nullif(d.rating_n, 0) AS average_rating,
  d.rating_n AS ratings,
  d.version,
  d.copies,
  d.copies_engagement,
  d.likes_n,
  d.shares_n,
  d.comments_n,
  d.views_n,
  CAST(d.rate_by_views_n AS REAL) / nullif(d.mentions, 0) AS engagement_rate_by_views_coverage,
  CAST(d.rate_by_followers_n AS REAL) / nullif(d.mentions, 0) AS engagement_rate_by_followers_coverage,
  d.reach,
  d.unique_reach,
  CAST(d.reach_engagement AS REAL) / nullif(d.reach, 0) AS engagement_rate_by_reach,
  d.reach_n AS engagement_rate_by_reach_n,
  CAST(d.reach_n AS REAL) / nullif(d.mentions, 0) AS engagement_rate_by_reach_coverage,
  CAST(d.shares AS REAL) / nullif(d.shares_n * (d.version >= 2), 0) AS amplification,
  CAST(d.comments AS REAL) / nullif(d.comments_n * (d.version >= 2), 0) AS conversation,
  CAST(d.likes AS REAL) / nullif(d.likes_n * (d.version >= 2), 0) AS applause
FROM daily_metrics d
JOIN brands b ON b.id = d.brand_id
;
CREATE VIEW review_metrics AS
SELECT
  b.name AS brand,
  d.day,
  d.platform,
  d.rating_n AS reviews,
  d.rating_sum / nullif(d.rating_n, 0) AS average_rating,
  iif(d.version >= 2, d.stars_1, NULL) AS stars_1,
  iif(d.version >= 2, d.stars_2, NULL) AS stars_2,
  iif(d.version >= 2, d.stars_3, NULL) AS stars_3,
  iif(d.version >= 2, d.stars_4, NULL) AS stars_4,
  iif(d.version >= 2, d.stars_5, NULL) AS stars_5,
  (
    SELECT total(w.rating_n) / 7 FROM daily_metrics w
    WHERE w.brand_id = d.brand_id AND w.platform = d.platform AND w.day BETWEEN date(d.day, '-6 days') AND d.day
    AND w.rating_n > 0
  ) AS reviews_7_days,
  (
    SELECT total(w.rating_n) / 28 FROM daily_metrics w
    WHERE w.brand_id = d.brand_id AND w.platform = d.platform AND w.day BETWEEN date(d.day, '-27 days') AND d.day
    AND w.rating_n > 0
  ) AS reviews_28_days,
  nullif(d.answerable, 0) AS answerable,
  iif(d.answerable > 0, d.answered, NULL) AS answered,
  CAST(d.answered AS REAL) / nullif(d.answerable, 0) AS response_rate,
  d.answer_hours_sum / nullif(d.answer_hours_n, 0) AS response_hours,
  iif(d.answerable > 0, d.answer_hours_n, NULL) AS response_hours_n,
  d.version
FROM daily_metrics d
JOIN brands b ON b.id = d.brand_id
WHERE d.rating_n > 0 OR d.answerable > 0
;
CREATE VIEW daily_brand_metrics AS
SELECT
  b.name AS brand,
  b.competitor,
  d.day,
  sum(d.mentions) AS mentions,
  sum(d.authors) AS authors,
  sum(d.likes) FILTER (WHERE d.mixes) AS likes,
  sum(d.shares) FILTER (WHERE d.mixes) AS shares,
  sum(d.comments) FILTER (WHERE d.mixes) AS comments,
  sum(d.views) FILTER (WHERE d.mixes) AS views,
  sum(d.engagement) FILTER (WHERE d.mixes) AS engagement,
  sum(d.rate_by_views_sum) FILTER (WHERE d.mixes)
    / nullif(sum(d.rate_by_views_n) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_views,
  coalesce(sum(d.rate_by_views_n) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_views_n,
  sum(d.rate_by_followers_sum) FILTER (WHERE d.mixes)
    / nullif(sum(d.rate_by_followers_n) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_followers,
  coalesce(sum(d.rate_by_followers_n) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_followers_n,
  sum(d.positive) AS positive,
  sum(d.neutral) AS neutral,
  sum(d.negative) AS negative,
  CAST(sum(d.positive) - sum(d.negative) AS REAL) / nullif(sum(d.positive) + sum(d.negative), 0) AS net_sentiment,
  sum(d.promoting) AS promoting,
  sum(d.detracting) AS detracting,
  sum(d.indifferent) AS indifferent,
  v.advocacy,
  v.promoting + v.detracting AS advocacy_n,
  v.low AS advocacy_low,
  v.high AS advocacy_high,
  sum(d.rating_sum) / nullif(sum(d.rating_n), 0) AS average_rating,
  sum(d.rating_n) AS ratings,
  min(d.version) AS version,
  sum(d.copies) AS copies,
  sum(d.copies_engagement) FILTER (WHERE d.mixes) AS copies_engagement,
  coalesce(sum(d.likes_n) FILTER (WHERE d.mixes), 0) AS likes_n,
  coalesce(sum(d.shares_n) FILTER (WHERE d.mixes), 0) AS shares_n,
  coalesce(sum(d.comments_n) FILTER (WHERE d.mixes), 0) AS comments_n,
  coalesce(sum(d.views_n) FILTER (WHERE d.mixes), 0) AS views_n,
  CAST(coalesce(sum(d.rate_by_views_n) FILTER (WHERE d.mixes), 0) AS REAL)
    / nullif(sum(d.mentions), 0) AS engagement_rate_by_views_coverage,
  CAST(coalesce(sum(d.rate_by_followers_n) FILTER (WHERE d.mixes), 0) AS REAL)
    / nullif(sum(d.mentions), 0) AS engagement_rate_by_followers_coverage,
  sum(d.reach) FILTER (WHERE d.mixes) AS reach,
  sum(d.unique_reach) FILTER (WHERE d.mixes) AS unique_reach,
  CAST(sum(d.reach_engagement) FILTER (WHERE d.mixes) AS REAL)
    / nullif(sum(d.reach) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_reach,
  coalesce(sum(d.reach_n) FILTER (WHERE d.mixes), 0) AS engagement_rate_by_reach_n,
  CAST(coalesce(sum(d.reach_n) FILTER (WHERE d.mixes), 0) AS REAL)
    / nullif(sum(d.mentions), 0) AS engagement_rate_by_reach_coverage,
  CAST(sum(d.shares) FILTER (WHERE d.mixes) AS REAL)
    / nullif(sum(d.shares_n) FILTER (WHERE d.mixes) * (min(d.version) >= 2), 0) AS amplification,
  CAST(sum(d.comments) FILTER (WHERE d.mixes) AS REAL)
    / nullif(sum(d.comments_n) FILTER (WHERE d.mixes) * (min(d.version) >= 2), 0) AS conversation,
  CAST(sum(d.likes) FILTER (WHERE d.mixes) AS REAL)
    / nullif(sum(d.likes_n) FILTER (WHERE d.mixes) * (min(d.version) >= 2), 0) AS applause
FROM daily_metrics d
JOIN brands b ON b.id = d.brand_id
LEFT JOIN daily_advocacy v ON v.brand_id = d.brand_id AND v.day = d.day
GROUP BY b.name, d.day
;
CREATE VIEW advocacy_trend AS
SELECT
  b.name AS brand,
  v.day,
  v.promoting,
  v.detracting,
  v.indifferent,
  v.advocacy,
  v.promoting + v.detracting AS n,
  v.low,
  v.high,
  (
    SELECT CAST(sum(w.promoting) - sum(w.detracting) AS REAL) / nullif(sum(w.promoting) + sum(w.detracting), 0)
    FROM daily_advocacy w
    WHERE w.brand_id = v.brand_id AND w.day BETWEEN date(v.day, '-27 days') AND v.day
  ) AS advocacy_28_days,
  (
    SELECT sum(w.promoting) + sum(w.detracting)
    FROM daily_advocacy w
    WHERE w.brand_id = v.brand_id AND w.day BETWEEN date(v.day, '-27 days') AND v.day
  ) AS n_28_days,
  v.version
FROM daily_advocacy v
JOIN brands b ON b.id = v.brand_id
;
CREATE VIEW brand_comparison AS
SELECT
  p.name AS brand,
  d.day,
  q.name AS voice,
  p.id = q.id AS own_brand,
  sum(d.mentions) AS mentions,
  sum(sum(d.mentions)) OVER panel_day AS panel_mentions,
  CAST(sum(d.mentions) AS REAL) / nullif(sum(sum(d.mentions)) OVER panel_day, 0) AS share,
  sum(d.positive) AS positive,
  sum(d.neutral) AS neutral,
  sum(d.negative) AS negative,
  CAST(sum(d.positive) - sum(d.negative) AS REAL) / nullif(sum(d.positive) + sum(d.negative), 0) AS net_sentiment,
  sum(d.promoting) AS promoting,
  sum(d.detracting) AS detracting,
  CAST(sum(d.promoting) - sum(d.detracting) AS REAL) / nullif(sum(d.promoting) + sum(d.detracting), 0) AS advocacy,
  sum(d.engagement) FILTER (WHERE d.mixes) AS engagement
FROM brands p
JOIN brands q ON q.id = p.id OR (q.competitor = 1 AND q.active = 1)
JOIN daily_metrics d ON d.brand_id = q.id
WHERE p.competitor = 0
GROUP BY p.name, d.day, q.name
WINDOW panel_day AS (PARTITION BY p.name, d.day)
;
CREATE VIEW share_of_voice AS
SELECT brand, day, voice, mentions, panel_mentions, share FROM brand_comparison
;
CREATE VIEW top_advocates AS
SELECT
  b.name AS brand,
  a.platform,
  coalesce(a.handle, a.name) AS author,
  a.url,
  a.followers,
  d.mentions AS promoting_mentions,
  (
    SELECT sum(w.engagement) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.promoting > 0
  ) AS engagement,
  (
    SELECT max(w.day) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.promoting > 0
  ) AS last_at,
  (
    SELECT count(*) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.promoting > 0
  ) AS days
FROM author_stances d
JOIN brands b ON b.id = d.brand_id
JOIN authors a ON a.id = d.author_id
WHERE d.stance = 'promoting'
;
CREATE VIEW top_detractors AS
SELECT
  b.name AS brand,
  a.platform,
  coalesce(a.handle, a.name) AS author,
  a.url,
  a.followers,
  d.mentions AS detracting_mentions,
  (
    SELECT sum(w.engagement) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.detracting > 0
  ) AS engagement,
  (
    SELECT max(w.day) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.detracting > 0
  ) AS last_at,
  (
    SELECT count(*) FROM author_days w
    WHERE w.brand_id = d.brand_id AND w.author_id = d.author_id AND w.detracting > 0
  ) AS days
FROM author_stances d
JOIN brands b ON b.id = d.brand_id
JOIN authors a ON a.id = d.author_id
WHERE d.stance = 'detracting'
;
CREATE VIEW author_activity AS
SELECT
  b.name AS brand,
  d.day,
  a.platform,
  coalesce(a.handle, a.name) AS author,
  a.url AS author_url,
  d.mentions,
  d.promoting,
  d.detracting,
  d.engagement,
  d.followers,
  d.author_id
FROM author_days d
JOIN brands b ON b.id = d.brand_id
JOIN authors a ON a.id = d.author_id
;
CREATE VIEW language_metrics AS
SELECT
  b.name AS brand,
  d.day,
  d.value AS lang,
  d.mentions,
  d.positive,
  d.neutral,
  d.negative,
  CAST(d.positive - d.negative AS REAL) / nullif(d.positive + d.negative, 0) AS net_sentiment,
  d.promoting,
  d.detracting
FROM daily_slices d
JOIN brands b ON b.id = d.brand_id
WHERE d.dimension = 'language'
;
CREATE VIEW hourly_metrics AS
SELECT
  b.name AS brand,
  d.day,
  (strftime('%w', d.day) + 6) % 7 + 1 AS weekday,
  CAST(d.value AS INTEGER) AS hour,
  d.mentions,
  d.positive,
  d.neutral,
  d.negative,
  CAST(d.positive - d.negative AS REAL) / nullif(d.positive + d.negative, 0) AS net_sentiment
FROM daily_slices d
JOIN brands b ON b.id = d.brand_id
WHERE d.dimension = 'hour'
;
CREATE VIEW hour_of_week AS
SELECT
  b.name AS brand,
  (strftime('%w', d.day) + 6) % 7 + 1 AS weekday,
  CAST(d.value AS INTEGER) AS hour,
  sum(d.mentions) AS mentions,
  sum(d.positive) AS positive,
  sum(d.neutral) AS neutral,
  sum(d.negative) AS negative,
  CAST(sum(d.positive) - sum(d.negative) AS REAL) / nullif(sum(d.positive) + sum(d.negative), 0) AS net_sentiment,
  min(d.day) AS first_day,
  max(d.day) AS last_day
FROM brands b
JOIN daily_slices d ON d.brand_id = b.id
WHERE d.dimension = 'hour' AND d.day >= (
  SELECT min(v.day)
  FROM (
    SELECT w.day FROM daily_advocacy w
    WHERE w.brand_id = b.id AND w.day <= (SELECT max(h.day) FROM brand_days h WHERE h.brand_id = b.id)
    ORDER BY w.day DESC LIMIT 28
  ) v
) AND d.day <= (SELECT max(h.day) FROM brand_days h WHERE h.brand_id = b.id)
GROUP BY b.name, weekday, hour
;
CREATE VIEW source_health AS
SELECT
  s.name AS source,
  s.connector,
  CASE
    WHEN s.active = 0 THEN 'off'
    WHEN s.paused_at IS NOT NULL THEN 'paused'
    WHEN s.failures > 0 THEN 'failing'
    WHEN s.last_ok_at IS NULL THEN 'new'
    ELSE 'ok'
  END AS state,
  s.last_polled_at,
  s.last_ok_at,
  s.last_new_at,
  s.next_poll_at,
  s.failures,
  s.last_error,
  (SELECT count(*) FROM rejects r WHERE r.source_id = s.id) AS rejects
FROM sources s
;
CREATE VIEW mention_topics AS
SELECT
  b.name AS brand,
  t.name AS topic,
  m.id AS mention_id,
  m.platform,
  m.url,
  coalesce(a.handle, a.name) AS author,
  m.published_at,
  mb.day,
  p.term AS matched_term,
  p.excerpt,
  p.label AS sentiment_label,
  p.score AS sentiment_score,
  p.model AS sentiment_model,
  m.duplicate_of,
  mb.own AS own_account
FROM mention_brands mb
JOIN brands b ON b.id = mb.brand_id
JOIN mentions m ON m.id = mb.mention_id
JOIN aspects p ON p.mention_id = mb.mention_id
JOIN topics t ON t.id = p.topic_id
JOIN topic_brands tb ON tb.topic_id = p.topic_id AND tb.brand_id = mb.brand_id
LEFT JOIN authors a ON a.id = m.author_id
WHERE m.hidden_at IS NULL
;
CREATE VIEW topic_sentiment AS
SELECT
  b.name AS brand,
  d.value AS topic,
  d.day,
  d.mentions,
  d.positive,
  d.neutral,
  d.negative,
  CAST(d.positive - d.negative AS REAL) / nullif(d.positive + d.negative, 0) AS net_sentiment
FROM daily_slices d
JOIN brands b ON b.id = d.brand_id
JOIN topics t ON t.name = d.value
JOIN topic_brands tb ON tb.topic_id = t.id AND tb.brand_id = d.brand_id
WHERE d.dimension = 'topic'
;
CREATE VIEW rising_terms AS
SELECT
  b.name AS brand,
  r.day,
  r.rank,
  r.term,
  r.documents,
  r.total,
  r.baseline_documents,
  r.baseline_total,
  r.z,
  r.mention_id,
  m.url AS mention_url,
  r.version
FROM rising r
JOIN brands b ON b.id = r.brand_id
LEFT JOIN mentions m ON m.id = r.mention_id
;
CREATE VIEW metric_definitions AS
SELECT
  metric,
  version,
  formula,
  unit,
  source,
  in_force_from,
  version = max(version) OVER (PARTITION BY metric) AS is_current
FROM definitions
;
-- What trends are made of: a brand's history by day, ISO week and month. The brand is pushed down to its rows.
CREATE VIEW period_sums AS
SELECT
  q.*,
  CASE q.period
    WHEN 'day' THEN q.first_day
    -- the week belongs to the year of its Thursday
    WHEN 'week' THEN strftime('%Y', q.first_day, '+3 days')
      || printf('-W%02d', (strftime('%j', q.first_day, '+3 days') - 1) / 7 + 1)
    ELSE strftime('%Y-%m', q.first_day)
  END AS label,
  date(q.first_day, q.length || ' days', '-1 day') AS last_day,
  q.days = q.length AND q.until < (SELECT max(h.day) FROM brand_days h WHERE h.brand_id = q.brand_id) AS complete
FROM (
  SELECT
    b.id AS brand_id,
    b.name AS brand,
    b.competitor,
    p.value AS period,
    h.first_day,
    max(h.day) AS until,
    CASE p.value
      WHEN 'day' THEN 1
      WHEN 'week' THEN 7
      ELSE CAST(strftime('%d', h.first_day, '+1 month', '-1 day') AS INTEGER)
    END AS length,
    count(DISTINCT h.day) AS days,
    max(NOT d.mixes) AS apart,
    coalesce(sum(d.mentions), 0) AS mentions,
    coalesce(sum(d.copies), 0) AS copies,
    coalesce(sum(d.positive), 0) AS positive,
    coalesce(sum(d.neutral), 0) AS neutral,
    coalesce(sum(d.negative), 0) AS negative,
    coalesce(sum(d.promoting), 0) AS promoting,
    coalesce(sum(d.detracting), 0) AS detracting,
    coalesce(sum(d.indifferent), 0) AS indifferent,
    sum(d.likes) FILTER (WHERE d.mixes) AS likes,
    sum(d.shares) FILTER (WHERE d.mixes) AS shares,
    sum(d.comments) FILTER (WHERE d.mixes) AS comments,
    sum(d.views) FILTER (WHERE d.mixes) AS views,
    sum(d.engagement) FILTER (WHERE d.mixes) AS engagement,
    sum(d.copies_engagement) FILTER (WHERE d.mixes) AS copies_engagement,
    sum(d.reach) FILTER (WHERE d.mixes) AS reach,
    sum(d.reach_engagement) FILTER (WHERE d.mixes) AS reach_engagement,
    sum(d.rate_by_views_sum) FILTER (WHERE d.mixes) AS rate_by_views_sum,
    sum(d.rate_by_followers_sum) FILTER (WHERE d.mixes) AS rate_by_followers_sum,
    coalesce(sum(d.likes_n) FILTER (WHERE d.mixes), 0) AS likes_n,
    coalesce(sum(d.shares_n) FILTER (WHERE d.mixes), 0) AS shares_n,
    coalesce(sum(d.comments_n) FILTER (WHERE d.mixes), 0) AS comments_n,
    coalesce(sum(d.views_n) FILTER (WHERE d.mixes), 0) AS views_n,
    coalesce(sum(d.reach_n) FILTER (WHERE d.mixes), 0) AS reach_n,
    coalesce(sum(d.rate_by_views_n) FILTER (WHERE d.mixes), 0) AS rate_by_views_n,
    coalesce(sum(d.rate_by_followers_n) FILTER (WHERE d.mixes), 0) AS rate_by_followers_n,
    coalesce(sum(d.rating_n), 0) AS ratings,
    sum(d.rating_sum) / nullif(sum(d.rating_n), 0) AS average_rating,
    min(d.version) AS version
  FROM brands b
  CROSS JOIN json_each('["day", "week", "month"]') p
  CROSS JOIN period_days h ON h.brand_id = b.id AND h.period = p.value
  LEFT JOIN daily_metrics d ON d.brand_id = h.brand_id AND d.day = h.day
  GROUP BY b.name, p.value, h.first_day
) q
;
-- Who spoke, and how many they reach, does not add up over days; nobody knows it any more of what retention deleted.
CREATE VIEW period_brand_metrics AS
SELECT
  g.brand,
  g.competitor,
  g.period,
  g.label,
  g.first_day,
  g.last_day,
  g.days,
  g.complete,
  g.mentions,
  CASE WHEN NOT EXISTS (
    SELECT 1 FROM settled_metrics s
    WHERE s.brand_id = g.brand_id AND s.day BETWEEN g.first_day AND g.last_day AND s.authors > 0
  ) THEN (
    SELECT count(DISTINCT a.author_id) FROM author_days a
    WHERE a.brand_id = g.brand_id AND a.day BETWEEN g.first_day AND g.last_day
  ) END AS authors,
  g.likes,
  g.shares,
  g.comments,
  g.views,
  g.engagement,
  g.rate_by_views_sum / nullif(g.rate_by_views_n, 0) AS engagement_rate_by_views,
  g.rate_by_views_n AS engagement_rate_by_views_n,
  g.rate_by_followers_sum / nullif(g.rate_by_followers_n, 0) AS engagement_rate_by_followers,
  g.rate_by_followers_n AS engagement_rate_by_followers_n,
  g.positive,
  g.neutral,
  g.negative,
  CAST(g.positive - g.negative AS REAL) / nullif(g.positive + g.negative, 0) AS net_sentiment,
  g.promoting,
  g.detracting,
  g.indifferent,
  CAST(g.promoting - g.detracting AS REAL) / nullif(g.promoting + g.detracting, 0) AS advocacy,
  g.promoting + g.detracting AS advocacy_n,
  i.low AS advocacy_low,
  i.high AS advocacy_high,
  g.average_rating,
  g.ratings,
  g.version,
  g.copies,
  g.copies_engagement,
  g.likes_n,
  g.shares_n,
  g.comments_n,
  g.views_n,
  CAST(g.rate_by_views_n AS REAL) / nullif(g.mentions, 0) AS engagement_rate_by_views_coverage,
  CAST(g.rate_by_followers_n AS REAL) / nullif(g.mentions, 0) AS engagement_rate_by_followers_coverage,
  g.reach,
  CASE WHEN NOT EXISTS (
    SELECT 1 FROM settled_metrics s
    WHERE s.brand_id = g.brand_id AND s.day BETWEEN g.first_day AND g.last_day AND s.authors > 0
  ) THEN (
    SELECT sum(f.followers)
    FROM (
      SELECT max(a.followers) AS followers FROM author_days a
      WHERE a.brand_id = g.brand_id AND a.day BETWEEN g.first_day AND g.last_day
        AND (NOT g.apart OR (SELECT w.platform FROM authors w WHERE w.id = a.author_id) NOT IN (
          SELECT o.platform FROM daily_metrics o
          WHERE o.brand_id = g.brand_id AND o.day BETWEEN g.first_day AND g.last_day AND NOT o.mixes))
      GROUP BY a.author_id
    ) f
  ) END AS unique_reach,
  CAST(g.reach_engagement AS REAL) / nullif(g.reach, 0) AS engagement_rate_by_reach,
  g.reach_n AS engagement_rate_by_reach_n,
  CAST(g.reach_n AS REAL) / nullif(g.mentions, 0) AS engagement_rate_by_reach_coverage,
  CAST(g.shares AS REAL) / nullif(g.shares_n * (g.version >= 2), 0) AS amplification,
  CAST(g.comments AS REAL) / nullif(g.comments_n * (g.version >= 2), 0) AS conversation,
  CAST(g.likes AS REAL) / nullif(g.likes_n * (g.version >= 2), 0) AS applause
FROM period_sums g
LEFT JOIN advocacy_intervals i ON i.brand_id = g.brand_id AND i.period = g.period AND i.first_day = g.first_day
WHERE g.period <> 'day'
;
CREATE VIEW weekly_brand_metrics AS
SELECT
  brand,
  competitor,
  label AS week,
  first_day,
  last_day,
  days,
  complete,
  mentions,
  authors,
  likes,
  shares,
  comments,
  views,
  engagement,
  engagement_rate_by_views,
  engagement_rate_by_views_n,
  engagement_rate_by_followers,
  engagement_rate_by_followers_n,
  positive,
  neutral,
  negative,
  net_sentiment,
  promoting,
  detracting,
  indifferent,
  advocacy,
  advocacy_n,
  advocacy_low,
  advocacy_high,
  average_rating,
  ratings,
  version,
  copies,
  copies_engagement,
  likes_n,
  shares_n,
  comments_n,
  views_n,
  engagement_rate_by_views_coverage,
  engagement_rate_by_followers_coverage,
  reach,
  unique_reach,
  engagement_rate_by_reach,
  engagement_rate_by_reach_n,
  engagement_rate_by_reach_coverage,
  amplification,
  conversation,
  applause
FROM period_brand_metrics
WHERE period = 'week'
;
CREATE VIEW monthly_brand_metrics AS
SELECT
  brand,
  competitor,
  label AS month,
  first_day,
  last_day,
  days,
  complete,
  mentions,
  authors,
  likes,
  shares,
  comments,
  views,
  engagement,
  engagement_rate_by_views,
  engagement_rate_by_views_n,
  engagement_rate_by_followers,
  engagement_rate_by_followers_n,
  positive,
  neutral,
  negative,
  net_sentiment,
  promoting,
  detracting,
  indifferent,
  advocacy,
  advocacy_n,
  advocacy_low,
  advocacy_high,
  average_rating,
  ratings,
  version,
  copies,
  copies_engagement,
  likes_n,
  shares_n,
  comments_n,
  views_n,
  engagement_rate_by_views_coverage,
  engagement_rate_by_followers_coverage,
  reach,
  unique_reach,
  engagement_rate_by_reach,
  engagement_rate_by_reach_n,
  engagement_rate_by_reach_coverage,
  amplification,
  conversation,
  applause
FROM period_brand_metrics
WHERE period = 'month'
;
CREATE VIEW coverage_changes AS
SELECT
  b.name AS brand,
  c.first_day,
  c.last_day,
  s.name AS source,
  s.connector,
  c.event,
  c.since,
  c.until,
  c.detail
FROM brands b
JOIN coverage c ON c.brand_id = b.id
JOIN sources s ON s.id = c.source_id
-- what has just begun to fail may be well again at the next poll
WHERE c.until IS NOT NULL OR c.event <> 'failing' OR julianday(s.last_polled_at) - julianday(c.since) >= 0.25
;
CREATE VIEW uncovered_days AS
SELECT
  c.brand,
  h.day,
  c.source,
  c.connector,
  c.event AS reason,
  c.since,
  c.until,
  c.detail
FROM coverage_changes c
JOIN brands b ON b.name = c.brand
JOIN brand_days h ON h.brand_id = b.id AND h.day BETWEEN c.first_day AND coalesce(c.last_day, '9999')
WHERE c.event IN ('paused', 'failing')
;
CREATE VIEW brand_trend AS
SELECT
  t.brand,
  t.period,
  t.first_day AS starts,
  t.label,
  t.days,
  t.complete,
  t.mentions,
  t.previous,
  (t.mentions - t.previous) / nullif(t.previous, 0) AS change,
  (
    SELECT CAST(coalesce(sum(d.mentions), 0) AS REAL) / count(DISTINCT h.day)
    FROM brand_days h LEFT JOIN daily_metrics d ON d.brand_id = h.brand_id AND d.day = h.day
    WHERE h.brand_id = t.brand_id AND h.day BETWEEN date(t.until, '-6 days') AND t.until
  ) AS mean_7_days,
  (
    SELECT CAST(coalesce(sum(d.mentions), 0) AS REAL) / count(DISTINCT h.day)
    FROM brand_days h LEFT JOIN daily_metrics d ON d.brand_id = h.brand_id AND d.day = h.day
    WHERE h.brand_id = t.brand_id AND h.day BETWEEN date(t.until, '-27 days') AND t.until
  ) AS mean_28_days,
  CAST(t.positive - t.negative AS REAL) / nullif(t.positive + t.negative, 0) AS net_sentiment,
  CAST(t.promoting - t.detracting AS REAL) / nullif(t.promoting + t.detracting, 0) AS advocacy,
  t.engagement,
  (
    SELECT group_concat(n.note, '; ')
    FROM (
      SELECT group_concat(c.source, ', ') || ' ' || c.event || CASE
          WHEN c.last_day IS NULL THEN ' since ' || c.first_day
          WHEN c.last_day > c.first_day THEN ' ' || c.first_day || ' to ' || c.last_day
          ELSE ' ' || c.first_day
        END AS note
      FROM coverage_changes c
      WHERE c.brand = t.brand AND c.first_day <= t.until AND coalesce(c.last_day, '9999') >= t.previous_first
      GROUP BY c.first_day, c.event, c.last_day
    ) n
  ) AS coverage_note,
  t.version
FROM (
  SELECT
    q.*,
    -- as many as there would be had it gone on as before
    CASE WHEN q.previous_first >= (SELECT min(h.day) FROM brand_days h WHERE h.brand_id = q.brand_id) THEN (
      SELECT coalesce(sum(d.mentions), 0) FROM daily_metrics d
      WHERE d.brand_id = q.brand_id AND d.day BETWEEN q.previous_first AND q.previous_last
    ) * CAST(q.days AS REAL) / (julianday(q.previous_last) - julianday(q.previous_first) + 1) END AS previous
  FROM (
    SELECT
      g.*,
      iif(g.period = 'month', date(g.first_day, '-1 month'), date(g.first_day, '-7 days')) AS previous_first,
      iif(g.period = 'month', date(g.first_day, '-1 day'), date(g.first_day, (g.days - 8) || ' days')) AS previous_last
    FROM period_sums g
  ) q
) t
;
