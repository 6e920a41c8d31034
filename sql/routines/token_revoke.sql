-- token_revoke: the token is worth nothing from now on.
-- Row: how many that were: 0 or 1
CREATE PROCEDURE token_revoke(IN p_digest BINARY(32))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM auth_token WHERE digest = p_digest;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS revoked;
END
