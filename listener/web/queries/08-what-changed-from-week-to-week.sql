-- What changed from week to week, and can we trust it?
-- The note tells where sources came, went or failed, so that nobody takes an outage for a trend.
SELECT label AS week, mentions, round(previous, 1) AS week_before, round(100 * change, 1) AS change_percent,
  round(net_sentiment, 2) AS net_sentiment, round(advocacy, 2) AS advocacy, complete, coverage_note
FROM brand_trend
WHERE brand = :brand AND period = 'week' AND starts BETWEEN :from AND :to
ORDER BY starts
