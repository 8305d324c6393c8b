WITH i(name, language) AS (VALUES ('python', 'Python'), ('perl', 'Perl'), ('bash', 'Shell'), ('dash', 'Shell'), ('sh', 'Shell')),
p AS (SELECT regexp_replace(name, '[\d.]+$', '') AS name, usr, cmd FROM started WHERE exe LIKE '/%')
SELECT i.language AS "Language", p.name AS "Name", count(*) AS "Starts", count(DISTINCT coalesce(usr, '')) AS "Users", max(length(cmd)) AS "Longest"
FROM p JOIN i ON p.name = i.name GROUP BY 1, 2 ORDER BY 1, 2
