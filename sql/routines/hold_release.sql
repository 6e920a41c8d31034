-- hold_release: an account's accepted charges hold nothing any longer of its payer's
-- balance: they are debited, or the account is gone.
-- Locks:  the caller holds the account's row of service; then ledger_balance of the payer
CREATE PROCEDURE hold_release(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_payer CHAR(32) DEFAULT NULL;
  DECLARE v_held DECIMAL(20,6) DEFAULT 0;

  SELECT payer_id, amount INTO v_payer, v_held FROM balance_hold WHERE account_id = p_account;
  IF v_payer IS NOT NULL THEN
    UPDATE ledger_balance SET held = held - v_held WHERE account_id = v_payer;
    DELETE FROM balance_hold WHERE account_id = p_account;
  END IF;
END
