SELECT exe AS "Program", count(*) AS "Times" FROM started
WHERE usr = 'svc-build'
  AND exe NOT IN ('/usr/bin/ls', '/usr/bin/wc', '/usr/bin/du', '/usr/bin/date', '/usr/bin/sort', '/usr/bin/head', '/usr/bin/sha256sum')
GROUP BY exe
