-- Who warns against us, and why?
-- The warnings with the words that say so, the most engaged first.
SELECT day, platform, author, stance_evidence, text, engagement, url
FROM mention_overview
WHERE brand = :brand AND day BETWEEN :from AND :to
  AND stance = 'detracting' AND duplicate_of IS NULL AND own_account = 0
ORDER BY engagement DESC, published_at DESC
LIMIT 20
