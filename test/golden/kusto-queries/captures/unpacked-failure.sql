SELECT f(x, 'WorkstationName') AS "Where", f(x, 'TargetUserName') AS "Who", f(x, 'SubStatus') AS "Why" FROM security WHERE id = 4625
