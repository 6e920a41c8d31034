-- ledger_balance_rebuild: corrects the balance of an account by what it differs
-- from the sum of its entries. Entries may be written while they are summed: they
-- change both alike. Another rebuild may run, too, on any node: the number of
-- corrections, read with the sum, tells whether the difference was corrected since.
-- What is held of it is summed, too.
-- Locks:  ledger_balance of the account, under which its charges are held
-- Called by reevectl.
CREATE PROCEDURE ledger_balance_rebuild(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_difference DECIMAL(30,6);
  DECLARE v_corrections BIGINT;
  DECLARE v_held DECIMAL(30,6) DEFAULT NULL;
  SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) -
         COALESCE((SELECT amount FROM ledger_balance WHERE account_id = p_account), 0),
         COALESCE((SELECT corrections FROM ledger_balance WHERE account_id = p_account), 0)
    INTO v_difference, v_corrections
    FROM ledger WHERE account_id = p_account AND counted = 1;
  IF v_difference <> 0 THEN
    -- The amount comes first: it looks at the number of before.
    INSERT INTO ledger_balance (account_id, amount, corrections)
    VALUES (p_account, v_difference, 1)
    ON DUPLICATE KEY UPDATE
      amount = amount + IF(corrections = v_corrections, v_difference, 0),
      corrections = corrections + IF(corrections = v_corrections, 1, 0);
  END IF;

  SELECT held INTO v_held FROM ledger_balance WHERE account_id = p_account FOR UPDATE;
  IF v_held <> COALESCE((SELECT SUM(amount) FROM balance_hold WHERE payer_id = p_account), 0) THEN
    UPDATE ledger_balance
       SET held = COALESCE((SELECT SUM(amount) FROM balance_hold WHERE payer_id = p_account), 0)
     WHERE account_id = p_account;
  END IF;
END
