-- Which negative voices have most readers and no answer yet?
-- Originals of other people; a platform that does not show answers leaves "answered" empty.
SELECT day, platform, author, author_followers, engagement, answered, text, url
FROM mention_overview
WHERE brand = :brand AND day BETWEEN :from AND :to
  AND sentiment_label = 'negative' AND answered IS NOT 1 AND duplicate_of IS NULL AND own_account = 0
ORDER BY coalesce(author_followers, 0) DESC, coalesce(engagement, 0) DESC, published_at DESC
LIMIT 20
