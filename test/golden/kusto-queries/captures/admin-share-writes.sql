SELECT t AS "TimeGenerated", host AS "Computer", f(x, 'SubjectDomainName') || '\' || f(x, 'SubjectUserName') AS "Account",
       f(x, 'IpAddress') AS "IpAddress", regexp_extract(f(x, 'ShareName'), '[^\\]*$') AS "Share",
       f(x, 'RelativeTargetName') AS "RelativeTargetName", f(x, 'AccessMask') AS "AccessMask"
FROM security
WHERE id = 5145 AND lower(regexp_extract(f(x, 'ShareName'), '[^\\]*$')) IN ('c$', 'admin$', 'ipc$', 'sysvol') ORDER BY t, 6, 7
