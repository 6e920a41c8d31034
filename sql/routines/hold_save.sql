-- hold_save: changes what an account's accepted charges hold of its payer's balance.
-- p_payer  who pays from now on: what was held of another's balance goes along
-- p_fall   what recurs no longer; what is held does not fall below what is due at once
-- p_rise   what was accepted, added after that
-- p_today  the part of p_rise that is due at once
-- Row:     available: the payer's balance less all that is held of it
-- Locks:   the caller holds the account's row of service; then ledger_balance of the
--          payers, the former one first
CREATE PROCEDURE hold_save(IN p_account CHAR(32), IN p_payer CHAR(32), IN p_fall DECIMAL(20,6),
  IN p_rise DECIMAL(20,6), IN p_today DECIMAL(20,6))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_payer CHAR(32) DEFAULT NULL;
  DECLARE v_before, v_after, v_today DECIMAL(20,6) DEFAULT 0;

  SELECT payer_id, amount, today INTO v_payer, v_before, v_today
    FROM balance_hold WHERE account_id = p_account;
  SET v_after = LEAST(GREATEST(v_before - p_fall, v_today) + p_rise, 1000000000000);
  SET v_today = LEAST(v_today + p_today, v_after);
  IF v_payer <> p_payer THEN
    UPDATE ledger_balance SET held = held - v_before WHERE account_id = v_payer;
    SET v_before = 0;
  END IF;
  INSERT INTO ledger_balance (account_id, amount, held) VALUES (p_payer, 0, v_after - v_before)
  ON DUPLICATE KEY UPDATE held = held + v_after - v_before;
  IF v_after = 0 THEN
    DELETE FROM balance_hold WHERE account_id = p_account;
  ELSE
    INSERT INTO balance_hold (account_id, payer_id, amount, today)
    VALUES (p_account, p_payer, v_after, v_today)
    ON DUPLICATE KEY UPDATE payer_id = p_payer, amount = v_after, today = v_today;
  END IF;
  SELECT CAST(GREATEST(amount - held, -8000000000000) AS CHAR) AS available
    FROM ledger_balance WHERE account_id = p_payer;
END
