-- key_revoke: deletes an API key and every token that was exchanged for it.
-- p_id    the key's id, or NULL
-- p_digest  or the HMAC of the key itself
-- Row:    number of keys deleted: 0 or 1
CREATE PROCEDURE key_revoke(IN p_id CHAR(32), IN p_digest BINARY(32))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM api_key WHERE id = p_id OR digest = p_digest;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS revoked;
END
