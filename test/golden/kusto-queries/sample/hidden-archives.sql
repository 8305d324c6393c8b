SELECT t AS "TimeGenerated", name AS "TargetProcessFilename", cmd AS "CommandLine" FROM started
WHERE regexp_matches(cmd, '/\.[^/\s]+') AND (name IN ('tar', 'gzip', 'zip') AND cmd LIKE '%/srv%' OR name IN ('curl', 'ls'))
