-- Which of the pledges kept by a former id still have none: not those that are found again, nor what a forgotten article told.
UPDATE former SET heir = later.now FROM succeeded later WHERE later.was = former.heir;
DELETE FROM former WHERE id IN (SELECT pledge_id FROM pledge_commitments)
    OR list_has_any(articles, coalesce((SELECT list(article_id) FROM forgotten), []));
