WITH c AS (SELECT name, host, f(x, 'DestinationIp') AS ip, f(x, 'DestinationPort') AS port FROM sysmon WHERE id = 3 AND f(x, 'Initiated') = 'true')
SELECT name AS "InitiatingProcessFileName", host AS "DeviceName", count(*) AS "Connections", count(DISTINCT ip) AS "IPs",
       list(DISTINCT port::INTEGER) AS "Ports"
FROM c
WHERE ip NOT LIKE '%:%' AND NOT regexp_matches(ip, '^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)')
GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2
