WITH found AS (
  SELECT t, host, regexp_extract(cmd, '(?i)-e(nc|ncodedcommand)?\s+([A-Za-z0-9+/=]{20,})', 2) AS code
  FROM started WHERE regexp_matches(cmd, '(?i)\s-e(nc|ncodedcommand)?\s')
)
SELECT t AS "TimeGenerated", host AS "Dvc", length(code) AS "Length",
       lower(substr(replace(decode(from_base64(code)), chr(0), ''), 1, 2)) AS "Begins"
FROM found WHERE code <> '' ORDER BY t
