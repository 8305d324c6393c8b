SELECT lower(f(x, 'ParentProcessName')) AS "Parent", f(x, 'MandatoryLabel') = 'S-1-16-12288' AS "High", count(*) AS "Starts", 0::BIGINT AS "Scores"
FROM security WHERE id = 4688 GROUP BY 1, 2 ORDER BY "Starts" DESC, "Parent", "High"
