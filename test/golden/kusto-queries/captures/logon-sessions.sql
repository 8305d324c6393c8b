SELECT a.host AS "Computer", f(a.x, 'TargetUserName') AS "TargetUserName", (f(a.x, 'LogonType'))::INTEGER AS "LogonType",
       f(a.x, 'TargetLogonId') AS "TargetLogonId", b.t - a.t AS "Length", b.t // 600000000 - a.t // 600000000 AS "Minutes"
FROM security a JOIN security b ON a.host = b.host AND f(a.x, 'TargetLogonId') = f(b.x, 'TargetLogonId')
WHERE a.id = 4624 AND b.id = 4634
