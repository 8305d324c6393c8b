WITH c AS (SELECT f(d, 'destination.ip') AS ip, f(d, 'destination.port') AS port FROM sysmon WHERE id = 3)
SELECT CASE WHEN ip LIKE '172.18.%' THEN 'lab' WHEN ip LIKE '10.10.10.%' THEN 'attacker' WHEN ip = '168.63.129.16' THEN 'Azure' END AS "Zone",
       count(*) AS "Sessions", count(DISTINCT port) AS "Ports"
FROM c WHERE "Zone" IS NOT NULL GROUP BY 1 ORDER BY 2 DESC
