-- ledger_rollover_uncount: takes the rollovers after a month out of the count and the
-- balance of an account, before an entry of that month is written: they restate it.
-- Internal.
-- p_month  YYYYMM
-- Locks:   the caller holds audit_head of the account
CREATE PROCEDURE ledger_rollover_uncount(IN p_account CHAR(32), IN p_month CHAR(6))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_restated DECIMAL(20,6) DEFAULT 0;

  SELECT COALESCE(SUM(IF(l.type = 'credit', l.amount, -l.amount)), 0) INTO v_restated
    FROM ledger_rollover AS r
    STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
               ON l.account_id = r.account_id AND l.id = r.id AND l.counted = 1
   WHERE r.account_id = p_account AND r.id > CONCAT(p_month, '~');
  IF v_restated <> 0 THEN
    UPDATE ledger_rollover AS r
      STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
                 ON l.account_id = r.account_id AND l.id = r.id AND l.counted = 1
       SET l.counted = 0
     WHERE r.account_id = p_account AND r.id > CONCAT(p_month, '~');
    UPDATE ledger_balance SET amount = amount - v_restated WHERE account_id = p_account;
  END IF;
END
