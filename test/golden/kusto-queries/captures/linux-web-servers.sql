WITH p AS (SELECT name, TRY_CAST(regexp_extract(cmd, '(http\.server|SimpleHTTPServer)\s+(\d+)', 2) AS INTEGER) AS port
           FROM started WHERE regexp_matches(cmd, '(?i)(^|[^a-z0-9])(http\.server|SimpleHTTPServer)([^a-z0-9]|$)'))
SELECT CASE WHEN name LIKE 'python%' THEN 'server' WHEN name IN ('bash', 'sh', 'dash', 'timeout', 'nohup', 'env') THEN 'starts one' ELSE 'says so' END AS "Kind",
       count(*) AS "Count", coalesce(list(DISTINCT port) FILTER (port IS NOT NULL), []) AS "Ports"
FROM p GROUP BY 1
