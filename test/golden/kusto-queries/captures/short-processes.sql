WITH ended AS (SELECT t, f(x, 'ProcessGuid') AS guid FROM sysmon WHERE id = 5)
SELECT regexp_extract(s.exe, '[^\\]*$') AS "Program", count(*) AS "Times", min(e.t - s.t) AS "Shortest"
FROM started s JOIN ended e ON s.guid = e.guid
WHERE e.t - s.t BETWEEN 0 AND 20000000 GROUP BY 1 ORDER BY 2 DESC, 1
