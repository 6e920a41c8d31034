-- ledger_rollover_uncount: takes the rollovers after a month out of the count and the
-- balance of an account, before an entry of that month is written: they restate it.
-- Their negatives are added to new_entry, in the state 'restated', for
-- ledger_rollover_correct. Internal.
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
    INSERT INTO new_entry (n, account_id, id, type, service, amount, created, document_start,
                           document_bytes, state)
      SELECT 1 + ROW_NUMBER() OVER (ORDER BY l.id), p_account, l.id,
             IF(l.type = 'credit', 'debit', 'credit'), l.service, l.amount, l.created, 1, 0,
             'restated'
        FROM ledger_rollover AS r
        STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
                   ON l.account_id = r.account_id AND l.id = r.id AND l.counted = 1
       WHERE r.account_id = p_account AND r.id > CONCAT(p_month, '~');
    UPDATE ledger_rollover AS r
      STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
                 ON l.account_id = r.account_id AND l.id = r.id AND l.counted = 1
       SET l.counted = 0
     WHERE r.account_id = p_account AND r.id > CONCAT(p_month, '~');
    UPDATE ledger_balance SET amount = amount - v_restated WHERE account_id = p_account;
  END IF;
END
