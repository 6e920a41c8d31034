-- key_find: the account of an API key. No row: unknown.
CREATE PROCEDURE key_find(IN p_digest BINARY(32))
SQL SECURITY DEFINER
BEGIN
  SELECT k.id AS api_key_id, a.id AS account_id, a.name, a.enabled, a.expires, a.reseller_id,
         a.is_reseller, COALESCE(a.master, 0) AS is_master, a.language
    FROM api_key AS k JOIN account AS a ON a.id = k.account_id
   WHERE k.digest = p_digest;
END
