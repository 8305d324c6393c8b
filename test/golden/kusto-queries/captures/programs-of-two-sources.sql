WITH a AS (SELECT host, pid, lower(exe) AS exe FROM started WHERE code = '1'),
b AS (SELECT host, pid, lower(exe) AS exe FROM started WHERE code = '4688')
SELECT CASE WHEN a.host IS NULL THEN 'only Security' WHEN b.host IS NULL THEN 'only Sysmon' ELSE 'both' END AS "Seen", count(*) AS "Programs"
FROM a FULL JOIN b ON a.host = b.host AND a.pid = b.pid AND a.exe = b.exe GROUP BY 1
