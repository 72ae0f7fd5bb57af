-- When do people talk about us?
-- Mentions a weekday (1 is Monday) and part of the day, in the brand's own time.
SELECT weekday,
  coalesce(sum(mentions) FILTER (WHERE hour BETWEEN 0 AND 5), 0) AS night,
  coalesce(sum(mentions) FILTER (WHERE hour BETWEEN 6 AND 11), 0) AS morning,
  coalesce(sum(mentions) FILTER (WHERE hour BETWEEN 12 AND 17), 0) AS afternoon,
  coalesce(sum(mentions) FILTER (WHERE hour BETWEEN 18 AND 23), 0) AS evening,
  sum(mentions) AS all_day,
  round(1.0 * sum(negative) / nullif(sum(positive + neutral + negative), 0), 3) AS negative_share
FROM hourly_metrics
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY weekday
ORDER BY weekday
