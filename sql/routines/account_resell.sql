-- account_resell: makes an account a reseller, or no longer one. Descendants get
-- their nearest reseller; plans of former sellers are pinned.
-- The closure is read first, then accounts by id: a server that reads a small table whole
-- would lock each account.
-- Errors:  45404 account: unknown; 45403 account: the master account; 45423
--          account: a reseller is below it
-- Locks:   the account and the descendants whose reseller changes
CREATE PROCEDURE account_resell(IN p_id CHAR(32), IN p_resell TINYINT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_reseller CHAR(32) DEFAULT NULL;
  DECLARE v_master, v_is TINYINT DEFAULT NULL;

  SELECT reseller_id, master, is_reseller INTO v_reseller, v_master, v_is
    FROM account WHERE id = p_id AND deleted IS NULL FOR UPDATE;
  IF v_reseller IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  ELSEIF v_master = 1 THEN
    SIGNAL SQLSTATE '45403'
      SET MESSAGE_TEXT = 'account: the master account is always a reseller';
  END IF;
  IF v_is <> p_resell THEN
    IF EXISTS (SELECT 1 FROM account_closure AS c JOIN account AS a ON a.id = c.descendant_id
                WHERE c.ancestor_id = p_id AND c.depth > 0 AND a.is_reseller
                  AND a.deleted IS NULL) THEN
      SIGNAL SQLSTATE '45423' SET MESSAGE_TEXT = 'account: it has descendants that are resellers';
    END IF;
    UPDATE account SET is_reseller = p_resell, modified = p_now WHERE id = p_id;
    UPDATE account_closure AS c
           STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.descendant_id = a.id
       SET a.reseller_id = IF(p_resell, p_id, v_reseller)
     WHERE c.ancestor_id = p_id AND c.depth > 0;
    CALL service_assignment_pin(p_id);
    CALL figure_follow(p_id);
  END IF;
END
