-- login_fail: counts a failed login, for the client and for the account it named.
-- p_network  of the client
-- p_name     the account's name or id as a subject; NULL: it was not named
-- p_realm    the account's realm as a subject; NULL: it was not given
-- p_most     failures that are remembered of a subject
-- p_refill   seconds after which one is forgotten
-- p_now      Gregorian seconds
-- Locks:     the subjects' rows, always in this order; some expired rows
CREATE PROCEDURE login_fail(IN p_network VARCHAR(128), IN p_name VARCHAR(128),
  IN p_realm VARCHAR(128), IN p_most INT, IN p_refill INT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO login_failure (subject, forgotten)
    SELECT s.subject, p_now + p_refill
      FROM (SELECT 1 AS place, p_network AS subject
            UNION ALL SELECT 2, p_name
            UNION ALL SELECT 3, p_realm) AS s
     WHERE s.subject IS NOT NULL
     ORDER BY s.place
  ON DUPLICATE KEY UPDATE
    forgotten = LEAST(GREATEST(login_failure.forgotten, p_now) + p_refill,
                      p_now + p_most * p_refill);
  -- More than a failure adds, so that the table does not grow while somebody guesses.
  DELETE FROM login_failure WHERE forgotten <= p_now ORDER BY forgotten LIMIT 10;
END
