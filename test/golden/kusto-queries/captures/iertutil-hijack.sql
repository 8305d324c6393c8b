WITH loads AS (SELECT t, host, name, lower(f(x, 'ImageLoaded')) AS path FROM sysmon WHERE id = 7 AND lower(f(x, 'ImageLoaded')) LIKE '%\iertutil.dll' AND lower(f(x, 'ImageLoaded')) NOT LIKE '%\system32\%'),
writes AS (SELECT t, host, name, lower(f(x, 'TargetFilename')) AS path FROM sysmon WHERE id = 11 AND lower(f(x, 'TargetFilename')) LIKE '%\iertutil.dll')
SELECT l.host AS "DeviceName", l.path AS "FolderPath", w.name AS "Writer", l.name AS "Loader", l.t - w.t AS "Between"
FROM loads l JOIN writes w ON l.host = w.host AND l.path = w.path
