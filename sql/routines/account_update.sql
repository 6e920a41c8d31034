-- account_update: changes name, realm, language and document of an account. The
-- caller holds the lock of service_show.
-- p_realm  NULL: none
-- Errors:  45404 account: unknown; 45409 realm: taken
CREATE PROCEDURE account_update(
  IN p_id CHAR(32), IN p_name VARCHAR(128), IN p_name_key VARCHAR(128), IN p_realm VARCHAR(253),
  IN p_enabled TINYINT, IN p_language VARCHAR(16), IN p_document LONGTEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  IF EXISTS (SELECT 1 FROM account WHERE realm = p_realm AND id <> p_id) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'realm: another account has this realm';
  END IF;
  UPDATE account
     SET name = p_name, name_key = p_name_key, realm = p_realm, enabled = p_enabled,
         language = p_language, document = p_document, modified = p_now,
         tops_up = IF(p_document LIKE '%"topup":{%', 1, NULL)
   WHERE id = p_id AND deleted IS NULL;
  IF ROW_COUNT() = 0 AND NOT EXISTS (SELECT 1 FROM account WHERE id = p_id AND deleted IS NULL) THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  UPDATE ledger_balance SET name = p_name, realm = COALESCE(p_realm, ''), enabled = p_enabled
   WHERE account_id = p_id;
END
