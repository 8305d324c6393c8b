WITH words AS (SELECT name, unnest(string_split(cmd, ' ')) AS word FROM started WHERE usr = 'svc-build')
SELECT word AS "Argument", count(*) AS "Count", list(DISTINCT name) AS "Programs" FROM words
WHERE starts_with(word, '-') AND length(word) > 1 GROUP BY word HAVING count(*) > 1 ORDER BY 2 DESC, 1
