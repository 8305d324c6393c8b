SELECT host AS "Name", count(*) AS "Events", list(DISTINCT id) AS "Ids", count(DISTINCT id) = 2 AS "Both"
FROM security WHERE id IN (5154, 5158) GROUP BY 1 ORDER BY 1
