-- user_by_credential: the users, of any account, of a credential. Disabled users
-- are not in the index (rules/accounts 10).
CREATE PROCEDURE user_by_credential(IN p_lookup BINARY(32), IN p_method VARCHAR(3))
SQL SECURITY DEFINER
BEGIN
  SELECT c.account_id, c.user_id, c.verifier, a.name, a.name_key, a.realm, a.enabled, a.expires,
         a.reseller_id, a.is_reseller, COALESCE(a.master, 0) AS is_master, a.language
    FROM user_credential AS c
    JOIN account_user AS u ON u.account_id = c.account_id AND u.id = c.user_id
    JOIN account AS a ON a.id = c.account_id
   WHERE c.lookup = p_lookup AND c.method = p_method AND u.enabled = 1
   ORDER BY a.created, a.id;
END
