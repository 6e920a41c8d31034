-- ledger_balance_rebuild: corrects the balance of an account by what it differs
-- from the sum of its entries. Entries may be written while they are summed: they
-- change both alike.
-- Errors: 45409 account: another rebuild of it takes more than a minute
-- Locks:  the name of the account, until the connection ends or calls this again:
--         two at once would correct twice
CREATE PROCEDURE ledger_balance_rebuild(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_difference DECIMAL(30,6);
  DO RELEASE_ALL_LOCKS();
  IF COALESCE(GET_LOCK(CONCAT('reeve balance ', p_account), 60), 0) = 0 THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'account: its balance is being rebuilt already';
  END IF;
  SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) -
         COALESCE((SELECT amount FROM ledger_balance WHERE account_id = p_account), 0)
    INTO v_difference
    FROM ledger WHERE account_id = p_account AND counted = 1;
  IF v_difference <> 0 THEN
    INSERT INTO ledger_balance (account_id, amount) VALUES (p_account, v_difference)
    ON DUPLICATE KEY UPDATE amount = amount + v_difference;
  END IF;
END
