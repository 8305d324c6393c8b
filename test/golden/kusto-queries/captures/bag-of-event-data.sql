SELECT u.k AS "Name", json_extract_string(x, '$."' || u.k || '"') AS "Value"
FROM security, unnest(json_keys(x)) AS u(k)
WHERE id = 4625 AND json_extract_string(x, '$."' || u.k || '"') NOT IN ('-', '', '0x0', '0') ORDER BY 1
