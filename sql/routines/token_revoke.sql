-- token_revoke: deletes a token.
-- Row: number of tokens deleted: 0 or 1
CREATE PROCEDURE token_revoke(IN p_digest BINARY(32))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM auth_token WHERE digest = p_digest;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS revoked;
END
