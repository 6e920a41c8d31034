-- token_unkeyed_list: tokens kept as their SHA-256, as earlier versions did, by
-- digest. Nobody is let in by one.
-- p_after  only those behind it
CREATE PROCEDURE token_unkeyed_list(IN p_after BINARY(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT digest FROM auth_token WHERE digest > p_after AND secret = ''
   ORDER BY digest LIMIT p_limit;
END
