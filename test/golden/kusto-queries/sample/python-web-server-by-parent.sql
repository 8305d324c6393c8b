SELECT t AS "TimeGenerated", host AS "DvcHostname", usr AS "ActorUsername", parent_exe AS "ActingProcessName",
       cmd AS "TargetProcessCommandLine", regexp_extract(cmd, '(-b|--bind)[ =](\S+)', 2) AS "Address",
       CASE WHEN regexp_matches(cmd, '(-b|--bind)[ =]127\.') THEN 'Low'
            WHEN regexp_matches(cmd, '(-b|--bind)[ =]') THEN 'High' ELSE 'Medium' END AS "Severity"
FROM started WHERE exe LIKE '%/python3%' AND cmd LIKE '%http.server%' ORDER BY t
