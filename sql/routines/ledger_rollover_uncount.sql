-- ledger_rollover_uncount: takes the rollovers after a month out of the count and the
-- balance of an account, before an entry of that month is written: they restate it.
-- Internal.
-- p_month  YYYYMM
-- Locks:   the caller holds audit_head of the account
CREATE PROCEDURE ledger_rollover_uncount(IN p_account CHAR(32), IN p_month CHAR(6))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_restated DECIMAL(20,6) DEFAULT 0;

  SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) INTO v_restated FROM ledger
   WHERE account_id = p_account AND service = 'rollovers' AND counted = 1
     AND id LIKE '%-ledgers_monthly_rollover' AND id > CONCAT(p_month, '~');
  IF v_restated <> 0 THEN
    UPDATE ledger SET counted = 0
     WHERE account_id = p_account AND service = 'rollovers' AND counted = 1
       AND id LIKE '%-ledgers_monthly_rollover' AND id > CONCAT(p_month, '~');
    UPDATE ledger_balance SET amount = amount - v_restated WHERE account_id = p_account;
  END IF;
END
