WITH lines AS (SELECT DISTINCT cmd FROM started WHERE length(cmd) BETWEEN 20 AND 200),
letters AS (SELECT cmd, unnest(string_split(cmd, '')) AS c FROM lines),
counts AS (SELECT cmd, c, count(*) AS n FROM letters WHERE c <> '' AND c <> chr(10) GROUP BY ALL),
parts AS (SELECT cmd, n / sum(n) OVER (PARTITION BY cmd) AS p FROM counts)
SELECT cmd AS "CommandLine", round(-sum(p * log2(p)), 6) AS "Entropy" FROM parts GROUP BY cmd
ORDER BY 2 DESC, 1 LIMIT 5
