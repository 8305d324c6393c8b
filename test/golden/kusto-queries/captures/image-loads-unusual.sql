WITH l AS (SELECT lower(regexp_extract(f(x, 'ImageLoaded'), '[^\\]*$')) AS library, name FROM sysmon
           WHERE id = 7 AND lower(f(x, 'ImageLoaded')) NOT LIKE 'c:\windows\system32%' AND lower(f(x, 'ImageLoaded')) NOT LIKE 'c:\windows\syswow64%')
SELECT library AS "Library", min(name) AS "Program", count(*) AS "Loads" FROM l
GROUP BY 1 HAVING count(DISTINCT name) = 1 ORDER BY 3 DESC, 1 LIMIT 15
