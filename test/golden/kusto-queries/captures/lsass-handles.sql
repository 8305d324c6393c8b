SELECT host AS "Computer", f(x, 'SourceImage') AS "Source", count(*) AS "Opened",
       count(*) FILTER (lower(f(x, 'GrantedAccess')) IN ('0x1010', '0x1410', '0x1438', '0x143a', '0x1fffff')) AS "Reads",
       list(DISTINCT f(x, 'GrantedAccess')) AS "Rights"
FROM sysmon WHERE id = 10 AND lower(f(x, 'TargetImage')) LIKE '%\lsass.exe' GROUP BY 1, 2
