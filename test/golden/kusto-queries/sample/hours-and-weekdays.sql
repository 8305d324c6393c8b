WITH busiest AS (SELECT usr FROM started GROUP BY usr ORDER BY count(*) DESC LIMIT 2),
parts AS (SELECT usr, make_timestamp(t // 10) AS begun FROM started WHERE usr IN (SELECT usr FROM busiest))
SELECT extract(dow FROM begun)::INTEGER AS "Day", extract(minute FROM begun)::INTEGER AS "Minute",
       count(*) FILTER (WHERE usr = 'root') AS root, count(*) FILTER (WHERE usr = 'svc-build') AS "svc-build"
FROM parts GROUP BY ALL ORDER BY 1, 2
