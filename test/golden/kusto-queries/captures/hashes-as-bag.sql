WITH p AS (SELECT t, host, name, lower(f(d, 'process.hash.sha256')) AS sha FROM started),
s AS (SELECT t, host FROM sysmon WHERE id = 1)
SELECT name AS "FileName", sha AS "Value", count(*) AS "Starts"
FROM s JOIN p ON s.t = p.t AND s.host = p.host WHERE sha <> '' GROUP BY 1, 2 HAVING count(*) > 4 ORDER BY 3 DESC, 1
