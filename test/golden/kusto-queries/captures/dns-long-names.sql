WITH q AS (SELECT f(x, 'QueryName') AS name, exe FROM sysmon WHERE id = 22)
SELECT name AS "DnsQuery", length(name) AS "Length", len(string_split(name, '.')) AS "Labels", count(*) AS "Asked", count(DISTINCT exe) AS "Askers"
FROM q WHERE len(string_split(name, '.')) >= 3 GROUP BY name ORDER BY 2 DESC, 1 LIMIT 10
