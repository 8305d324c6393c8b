SELECT CASE WHEN f(x, 'Initiated') = 'true' THEN 'Outbound' ELSE 'Inbound' END AS "NetworkDirection", f(x, 'Protocol') AS "NetworkProtocol",
       host AS "DvcHostname", count(*) AS "Sessions", count(DISTINCT f(x, 'DestinationPort')) AS "Ports"
FROM sysmon WHERE id = 3 GROUP BY 1, 2, 3 ORDER BY 3, 1, 2
