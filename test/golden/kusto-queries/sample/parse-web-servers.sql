WITH cut AS (SELECT pid, cmd, strpos(cmd, 'http.server') AS place FROM started WHERE cmd LIKE '%http.server%'),
parts AS (SELECT pid, substr(cmd, 1, place - 1) AS before, substr(cmd, place + length('http.server')) AS rest FROM cut)
SELECT pid AS "TargetProcessId", before AS "Before", rest AS "Rest",
       TRY_CAST(regexp_extract(rest, '(\d{4,5})', 1) AS INTEGER) AS "Port",
       len(string_split(trim(before, ' '), ' ')) AS "Words"
FROM parts WHERE regexp_matches(rest, '\d{4,5}')
