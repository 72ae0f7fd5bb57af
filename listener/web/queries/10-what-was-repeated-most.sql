-- What was repeated most?
-- Originals with their copies: reposts, syndicated articles, copied reviews.
SELECT copy.duplicate_of AS mention_id, count(*) AS copies, count(DISTINCT copy.platform) AS platforms,
  sum(copy.engagement) AS copies_engagement, original.platform, original.author, original.text, original.url
FROM mention_overview copy
JOIN mention_overview original ON original.mention_id = copy.duplicate_of AND original.brand = copy.brand
  AND original.mention_id <> copy.mention_id
WHERE copy.brand = :brand AND copy.day BETWEEN :from AND :to AND copy.duplicate_of IS NOT NULL
GROUP BY copy.duplicate_of
ORDER BY copies DESC, copies_engagement DESC
LIMIT 20
