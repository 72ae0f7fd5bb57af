-- Who recommends us?
-- People by how often they recommended the brand, then by the engagement of what they wrote.
SELECT author, platform, sum(promoting) AS recommendations, sum(mentions) AS mentions,
  sum(engagement) AS engagement, max(followers) AS followers, author_url, author_id
FROM author_activity
WHERE brand = :brand AND day BETWEEN :from AND :to
GROUP BY author_id
HAVING sum(promoting) > 0
ORDER BY recommendations DESC, engagement DESC, author_id
LIMIT 20
