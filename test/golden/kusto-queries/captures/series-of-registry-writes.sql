WITH minutes AS (
  SELECT host, t // 600000000 * 600000000 AS minute, count(*) AS n
  FROM sysmon
  WHERE id IN (12, 13, 14) AND t >= epoch_ms(TIMESTAMP '2020-10-09 22:23:00') * 10000 AND t < epoch_ms(TIMESTAMP '2020-10-09 22:33:00') * 10000
  GROUP BY 1, 2
)
SELECT host AS "DvcHostname", minute AS "TimeGenerated", n AS "Writes"
FROM minutes WHERE n > 2 * (SELECT sum(n) FROM minutes m WHERE m.host = minutes.host) / 10 ORDER BY 1, 2
