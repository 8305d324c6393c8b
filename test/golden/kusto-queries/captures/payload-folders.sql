WITH p AS (SELECT lower(regexp_replace(exe, '\\[^\\]*$', '')) AS folder, regexp_extract(exe, '[^\\]*$') AS name FROM started WHERE exe LIKE '%:\%')
SELECT folder AS "Folder", list_sort(list(DISTINCT name)) AS "Programs", count(*) AS "Starts"
FROM p WHERE folder NOT LIKE 'c:\windows%' AND folder NOT LIKE 'c:\program files%' GROUP BY 1 ORDER BY 1
