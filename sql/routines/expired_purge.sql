-- expired_purge: forgets some answers and quotes whose time is over.
-- p_now  Gregorian seconds
CREATE PROCEDURE expired_purge(IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM remembered_answer WHERE expires <= p_now ORDER BY expires LIMIT 100;
  -- Those that ran out a day ago: until then they are told to have expired.
  DELETE FROM service_quote WHERE expires <= p_now - 86400 ORDER BY expires LIMIT 100;
END
