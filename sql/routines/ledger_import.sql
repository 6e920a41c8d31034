-- ledger_import: writes a ledger entry with its day row and balance, unless the
-- account has it.
-- A monthly rollover restates the sum of the months before it. It counts only while
-- no entry of an earlier month is known: then it stands for the time before.
-- p_amount    decimal as text, never negative
-- p_usage_quantity  NULL: no usage, so no day row
-- p_dedupe    in hex, NULL: it has no source id; stored unless another entry has it
-- Row:    written: 1, or 0 when the account has an entry of this id
-- Errors: 45404 account: unknown, or deleted; 45400 amount: too much for a balance
-- Locks:  audit_head of the account: a rebuild of its days must not run beside this;
--         then its row, shared
-- Called by reevectl.
CREATE PROCEDURE ledger_import(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_type VARCHAR(6), IN p_service VARCHAR(128),
  IN p_source_id VARCHAR(255), IN p_amount VARCHAR(24), IN p_usage_type VARCHAR(64),
  IN p_usage_quantity BIGINT, IN p_usage_unit VARCHAR(32), IN p_period_start BIGINT,
  IN p_period_end BIGINT, IN p_created BIGINT, IN p_recorded BIGINT, IN p_document LONGTEXT,
  IN p_for_id VARCHAR(64), IN p_for_name VARCHAR(255), IN p_dedupe VARCHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  DECLARE v_counted TINYINT DEFAULT 1;
  DECLARE v_rollover TINYINT DEFAULT
    p_service = 'rollovers' AND p_id LIKE '%-ledgers_monthly_rollover';

  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  CALL import_account_check(p_account);
  IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND id = p_id) THEN
    SELECT 0 AS written;
  ELSE
    IF v_rollover AND EXISTS (SELECT 1 FROM ledger
                               WHERE account_id = p_account AND id < LEFT(p_id, 6)) THEN
      SET v_counted = 0;
    END IF;
    IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND dedupe = UNHEX(p_dedupe)) THEN
      SET p_dedupe = NULL;
    END IF;
    CALL ledger_entry_begin();
    CALL ledger_rollover_uncount(p_account, LEFT(p_id, 6));
    INSERT INTO new_entry (n, account_id, id, type, service, source_id, amount, usage_type,
                           usage_quantity, usage_unit, period_start, period_end, created, for_id,
                           for_name, dedupe, document_start, document_bytes, counted, state)
    VALUES (1, p_account, p_id, p_type, p_service, p_source_id, CAST(p_amount AS DECIMAL(20,6)),
            p_usage_type, p_usage_quantity, p_usage_unit, p_period_start, p_period_end, p_created,
            p_for_id, p_for_name, UNHEX(p_dedupe), 1, LENGTH(p_document), v_counted, 'written');
    CALL ledger_entry_write(p_document, p_recorded);
    CALL ledger_rollover_correct(0);
    IF v_rollover THEN
      INSERT INTO ledger_rollover (account_id, id) VALUES (p_account, p_id);
    END IF;
    SELECT 1 AS written;
  END IF;
END
