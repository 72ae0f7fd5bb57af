-- Where do people react most?
-- Counts and rates by platform, with how many mentions each rate stands on. Compare within a platform.
SELECT platform, sum(mentions) AS mentions, sum(engagement) AS engagement,
  round(1.0 * sum(likes) / nullif(sum(likes_n), 0), 2) AS applause,
  round(1.0 * sum(comments) / nullif(sum(comments_n), 0), 2) AS conversation,
  round(1.0 * sum(shares) / nullif(sum(shares_n), 0), 2) AS amplification,
  round(sum(engagement_rate_by_views * engagement_rate_by_views_n)
    / nullif(sum(engagement_rate_by_views_n), 0), 4) AS engagement_rate_by_views,
  sum(engagement_rate_by_views_n) AS views_known,
  round(sum(engagement_rate_by_followers * engagement_rate_by_followers_n)
    / nullif(sum(engagement_rate_by_followers_n), 0), 4) AS engagement_rate_by_followers,
  sum(engagement_rate_by_followers_n) AS followers_known
FROM engagement_by_platform
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY platform
ORDER BY mentions DESC
