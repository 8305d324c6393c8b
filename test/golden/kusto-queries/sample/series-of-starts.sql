WITH slots AS (SELECT epoch_ms(TIMESTAMP '2026-11-22 15:14:00') * 10000 + n * 300000000 AS slot FROM range(6) AS r(n)),
counts AS (
  SELECT usr, slot, (SELECT count(*) FROM started s WHERE s.usr = u.usr AND s.t >= slot AND s.t < slot + 300000000) AS n
  FROM (SELECT DISTINCT usr FROM started WHERE usr IN ('ada', 'svc-build', 'root')) u, slots
)
SELECT usr AS "ActorUsername", to_json(list(n ORDER BY slot)) AS "Starts", sum(n)::DOUBLE AS "Total", max(n)::DOUBLE AS "Peak"
FROM counts GROUP BY usr ORDER BY usr
