SELECT 0 AS "Count"
