WITH s AS (SELECT DISTINCT f(d, 'process.entity_id') AS guid FROM e WHERE code = '1' AND channel LIKE '%Sysmon%')
SELECT CASE WHEN f(x, 'ProcessGuid') IN (SELECT guid FROM s) THEN 'seen' ELSE 'unseen' END AS "Kind", host AS "Dvc", count(*) AS "Ended"
FROM sysmon WHERE id = 5 GROUP BY 1, 2 ORDER BY 2, 1
