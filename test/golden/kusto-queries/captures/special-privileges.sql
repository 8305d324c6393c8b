WITH given AS (
  SELECT f(x, 'SubjectUserName') AS who, unnest(from_json(x->'$.PrivilegeList', '["VARCHAR"]')) AS privilege FROM security WHERE id = 4672
), counted AS (SELECT privilege, count(*) AS n, count(DISTINCT who) AS accounts FROM given WHERE privilege <> '' GROUP BY 1)
SELECT privilege AS "Privilege", n AS "Logons", accounts AS "Accounts" FROM counted ORDER BY 2 DESC, 1 LIMIT 5
