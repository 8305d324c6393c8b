WITH times AS (SELECT DISTINCT t FROM started WHERE usr = 'ada' AND parent_name = 'bash'),
paused AS (SELECT t, row_number() OVER (ORDER BY t) AS n, t - lag(t) OVER (ORDER BY t) AS pause FROM times)
SELECT n AS "Number", t AS "TimeGenerated", pause AS "Pause", round(pause / 1e7, 1) AS "Seconds"
FROM paused WHERE pause > 40000000 ORDER BY t
