-- account_delete: deletes an account; its audit trail stays. Logins to it end, and
-- others may take what it claimed. The caller holds the lock of service_show on
-- the path and has emptied the account's services.
-- The closure is read first, then accounts by id: a server that reads a small table whole
-- would lock each account.
-- Errors:  45404 account: unknown; 45423 account: it has descendants
CREATE PROCEDURE account_delete(IN p_id CHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_below BIGINT DEFAULT NULL;

  SELECT descendants INTO v_below FROM account WHERE id = p_id AND deleted IS NULL FOR UPDATE;
  IF v_below IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  ELSEIF v_below > 0 THEN
    SIGNAL SQLSTATE '45423' SET MESSAGE_TEXT = 'account: it has descendants';
  END IF;
  UPDATE account SET deleted = p_now, realm = NULL, enabled = 0, modified = p_now WHERE id = p_id;
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.ancestor_id = a.id
     SET a.descendants = a.descendants - 1
   WHERE c.descendant_id = p_id AND c.depth > 0;
  DELETE FROM auth_token WHERE account_id = p_id;
  DELETE FROM token_template WHERE account_id = p_id;
  DELETE FROM api_key WHERE account_id = p_id;
  DELETE FROM account_user WHERE account_id = p_id;
  CALL hold_release(p_id);
  UPDATE ledger_balance SET seller_id = NULL, priced = 1 WHERE account_id = p_id;
  UPDATE object SET claim = NULL WHERE account_id = p_id;
  DELETE FROM picture WHERE account_id = p_id;
  UPDATE port_number SET held = NULL WHERE account_id = p_id;
  DELETE FROM service_source WHERE account_id = p_id;
END
