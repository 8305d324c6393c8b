SELECT usr AS "ActorUsername", name AS "TargetProcessFilename", min(t) AS "FirstSeen",
       (list(cmd ORDER BY t))[1] AS "CommandLine", count(*) AS "Runs"
FROM started WHERE lower(name) IN ('curl', 'tar', 'gzip', 'rsync', 'scp', 'zip') GROUP BY usr, name ORDER BY 3 DESC
