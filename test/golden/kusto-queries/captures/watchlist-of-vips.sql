SELECT 0 AS "TimeGenerated", '' AS "Computer", '' AS "User" WHERE false
