-- ledger_rollover: writes the entry that restates, at the beginning of a month, the
-- sum of the months before it, unless the account has one. It is not counted.
-- The month of an entry is that of its id, here as in ledger_rollover_correct. The sum
-- is the present balance less the entries since the month began: few on the first,
-- however long the account's history is.
-- p_month     YYYYMM
-- p_created   the month's first second, Gregorian seconds
-- p_dedupe    in hex; stored unless another entry has it
-- p_document  canonical JSON
-- p_recorded  Gregorian seconds
-- Row:    written: 1, or 0
-- Locks:  audit_head of the account, so no entry comes in between
CREATE PROCEDURE ledger_rollover(IN p_account CHAR(32), IN p_month CHAR(6), IN p_created BIGINT,
  IN p_dedupe VARCHAR(32), IN p_document LONGTEXT, IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT;
  DECLARE v_balance, v_since DECIMAL(20,6) DEFAULT 0;
  DECLARE v_id VARCHAR(64) DEFAULT CONCAT(p_month, '-ledgers_monthly_rollover');

  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND id = v_id) THEN
    SELECT 0 AS written;
  ELSE
    SELECT COALESCE(SUM(amount), 0) INTO v_balance FROM ledger_balance WHERE account_id = p_account;
    SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) INTO v_since
      FROM ledger WHERE account_id = p_account AND id >= p_month AND counted = 1;
    SET v_balance = v_balance - v_since;
    IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND dedupe = UNHEX(p_dedupe)) THEN
      SET p_dedupe = NULL;
    END IF;
    CALL ledger_entry_begin();
    INSERT INTO new_entry (n, account_id, id, type, service, source_id, amount, period_start,
                           created, document_start, document_bytes, dedupe, counted,
                           available, state)
    VALUES (1, p_account, v_id, IF(v_balance < 0, 'debit', 'credit'), 'rollovers', p_month,
            ABS(v_balance), p_created, p_created, 1, LENGTH(p_document), UNHEX(p_dedupe), 0,
            v_balance, 'written');
    CALL ledger_entry_write(p_document, p_recorded);
    INSERT INTO ledger_rollover (account_id, id) VALUES (p_account, v_id);
    SELECT 1 AS written;
  END IF;
END
