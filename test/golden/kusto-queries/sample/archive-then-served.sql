WITH packed AS (
  SELECT usr, host, min(t) AS at, count(*) AS n FROM started WHERE name IN ('tar', 'gzip', 'zip', '7z') GROUP BY ALL
)
SELECT s.usr AS "ActorUsername", s.t AS "ServedAt", s.t - p.at AS "Delay", s.cmd AS "CommandLine", p.n AS "Count"
FROM started s JOIN packed p ON s.usr = p.usr AND s.host = p.host
WHERE s.name LIKE 'python%' AND s.cmd LIKE '%http.server%' AND s.t BETWEEN p.at AND p.at + 3000000000
ORDER BY s.t
