SELECT t AS "TimeGenerated", host AS "Dvc", usr AS "ActorUsername", parent_exe AS "ActingProcessName", cmd AS "CommandLine"
FROM started
WHERE t > epoch_ms(TIMESTAMP '2022-05-06 03:00:00') * 10000
  AND (lower(exe) LIKE '%\wevtutil.exe' AND regexp_matches(lower(cmd), '(^|[^a-z0-9])(cl|clear-log|sl|set-log)([^a-z0-9]|$)')
       OR lower(exe) LIKE '%\reg.exe' AND regexp_matches(lower(cmd), '(^|[^a-z0-9])minint([^a-z0-9]|$)')
       OR lower(cmd) LIKE '%clear-eventlog%')
ORDER BY t
