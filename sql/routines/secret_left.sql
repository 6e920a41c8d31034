-- secret_left: what was made under other secrets than the one of a name.
-- p_now  Gregorian seconds
-- Row:   tokens that have not expired; those of them that never do, and when the last
--        of the others does (0: there is none); API keys; credentials of users
-- Called by reevectl.
CREATE PROCEDURE secret_left(IN p_secret VARCHAR(8), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(COUNT(*) AS SIGNED) AS tokens,
         CAST(COALESCE(SUM(expires IS NULL), 0) AS SIGNED) AS endless,
         COALESCE(MAX(expires), 0) AS last_expires,
         (SELECT CAST(COUNT(*) AS SIGNED) FROM api_key WHERE secret <> p_secret) AS api_keys,
         (SELECT CAST(COUNT(*) AS SIGNED) FROM user_credential
           WHERE secret <> p_secret) AS credentials
    FROM auth_token
   WHERE secret <> p_secret AND (expires IS NULL OR expires > p_now);
END
