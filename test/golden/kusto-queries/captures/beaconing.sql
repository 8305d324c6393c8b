WITH c AS (
  SELECT host, name, CASE WHEN f(d, 'network.direction') = 'ingress' THEN f(x, 'SourceIp') ELSE f(x, 'DestinationIp') END AS ip,
         CASE WHEN f(d, 'network.direction') = 'ingress' THEN f(x, 'SourcePort') ELSE f(x, 'DestinationPort') END::INTEGER AS port, t
  FROM sysmon WHERE id = 3 AND name <> ''
), p AS (SELECT *, (t - lag(t) OVER (PARTITION BY host, name, ip, port ORDER BY t)) / 1e7 AS pause FROM c)
SELECT host AS "DeviceName", name AS "InitiatingProcessFileName", ip AS "RemoteIP", port AS "RemotePort", count(pause) AS "Pauses",
       round(avg(pause), 3) AS "Mean", round(stddev_samp(pause), 3) AS "Spread"
FROM p GROUP BY 1, 2, 3, 4 HAVING count(pause) >= 5 ORDER BY 5 DESC, 3, 1
