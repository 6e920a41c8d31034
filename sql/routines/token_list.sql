-- token_list: tokens of a user that have not expired, newest first.
-- p_own  HMAC of the caller's token
-- Row:   is_own: 1 for that token
CREATE PROCEDURE token_list(
  IN p_account CHAR(32), IN p_user CHAR(32), IN p_own BINARY(32), IN p_now BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT created, expires, method,
         restrictions IS NOT NULL OR rules IS NOT NULL AS restricted, digest = p_own AS is_own
    FROM auth_token
   WHERE account_id = p_account AND user_id = p_user AND (expires IS NULL OR expires > p_now)
   ORDER BY created DESC, digest LIMIT p_limit;
END
