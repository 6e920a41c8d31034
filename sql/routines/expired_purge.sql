-- expired_purge: deletes a batch of expired requests, answers, quotes, failed
-- logins and password resets.
-- p_now  Gregorian seconds
CREATE PROCEDURE expired_purge(IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM request WHERE expires <= p_now ORDER BY expires LIMIT 200;
  DELETE FROM remembered_answer WHERE expires <= p_now ORDER BY expires LIMIT 100;
  -- Only those that expired a day ago: until then the answer is "expired", not "unknown".
  DELETE FROM service_quote WHERE expires <= p_now - 86400 ORDER BY expires LIMIT 100;
  DELETE FROM login_failure WHERE forgotten <= p_now ORDER BY forgotten LIMIT 100;
  DELETE FROM password_reset WHERE expires <= p_now ORDER BY expires LIMIT 100;
END
