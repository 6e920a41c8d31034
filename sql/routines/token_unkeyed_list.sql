-- token_unkeyed_list: tokens that earlier versions stored, as their SHA-256. Such a row
-- lets nobody in. Rows are in the order of their digests.
-- p_after  only later digests
-- Called by migrate.
CREATE PROCEDURE token_unkeyed_list(IN p_after BINARY(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT digest FROM auth_token WHERE digest > p_after AND secret = ''
   ORDER BY digest LIMIT p_limit;
END
