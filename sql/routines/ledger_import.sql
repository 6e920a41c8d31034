-- ledger_import: one ledger entry with its day row and balance, unless it is here
-- already.
-- A monthly rollover restates what the months before it add up to: it counts only
-- while there is no entry of an earlier month, for what came before those known.
-- p_amount    decimal as text, never negative
-- p_usage_quantity  NULL: no usage, so no day row
-- p_dedupe    in hex, NULL: it has no source id; kept where no other entry has it
-- Row:    written: 1, or 0 when the account has an entry of this id
-- Errors: 45404 account: unknown; 45400 amount: too much for a balance
CREATE PROCEDURE ledger_import(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_type VARCHAR(6), IN p_service VARCHAR(128),
  IN p_source_id VARCHAR(255), IN p_amount VARCHAR(24), IN p_usage_type VARCHAR(64),
  IN p_usage_quantity BIGINT, IN p_usage_unit VARCHAR(32), IN p_period_start BIGINT,
  IN p_period_end BIGINT, IN p_created BIGINT, IN p_recorded BIGINT, IN p_document LONGTEXT,
  IN p_for_id VARCHAR(64), IN p_for_name VARCHAR(255), IN p_dedupe VARCHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence, v_last BIGINT DEFAULT NULL;
  DECLARE v_unit VARCHAR(32) DEFAULT NULL;
  DECLARE v_rollover, v_counted TINYINT DEFAULT 1;
  DECLARE v_signed DECIMAL(20,6);
  DECLARE v_restated DECIMAL(20,6) DEFAULT 0;

  -- The account's lock: a rebuild of its days must not run beside this.
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND id = p_id) THEN
    SELECT 0 AS written;
  ELSE
    SET v_rollover = p_service = 'rollovers' AND p_id LIKE '%-ledgers_monthly_rollover';
    IF v_rollover AND EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND id < LEFT(p_id, 6)) THEN
      SET v_counted = 0;
    END IF;
    IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND dedupe = UNHEX(p_dedupe)) THEN
      SET p_dedupe = NULL;
    END IF;
    SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) INTO v_restated FROM ledger
     WHERE account_id = p_account AND service = 'rollovers' AND counted = 1
       AND id LIKE '%-ledgers_monthly_rollover' AND id > CONCAT(LEFT(p_id, 6), '~');
    IF v_restated <> 0 THEN
      UPDATE ledger SET counted = 0
       WHERE account_id = p_account AND service = 'rollovers' AND counted = 1
         AND id LIKE '%-ledgers_monthly_rollover' AND id > CONCAT(LEFT(p_id, 6), '~');
    END IF;
    INSERT INTO ledger (account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
                        usage_unit, period_start, period_end, created, recorded, document, for_id, for_name,
                        dedupe, counted)
    VALUES (p_account, p_id, p_type, p_service, p_source_id, CAST(p_amount AS DECIMAL(20,6)), p_usage_type,
            p_usage_quantity, p_usage_unit, p_period_start, p_period_end, p_created, p_recorded, p_document,
            p_for_id, p_for_name, UNHEX(p_dedupe), v_counted);
    SET v_signed = v_counted * IF(p_type = 'credit', 1, -1) * CAST(p_amount AS DECIMAL(20,6)) - v_restated;
    INSERT INTO ledger_balance (account_id, amount) VALUES (p_account, v_signed)
    ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount);
    CALL ledger_balance_check((SELECT ABS(amount) FROM ledger_balance WHERE account_id = p_account));
    IF p_usage_quantity IS NOT NULL THEN
      -- As ledger_add has it.
      SELECT unit, last_timestamp INTO v_unit, v_last FROM audit_day
       WHERE account_id = p_account AND family = 'usage' AND day = FROM_DAYS(p_created DIV 86400)
         AND service = p_service;
      IF p_usage_unit <> '' THEN
        IF v_unit IS NULL OR p_created > v_last THEN
          SET v_unit = p_usage_unit;
        ELSEIF v_unit <> p_usage_unit THEN
          SELECT SUBSTRING(MAX(CONCAT(LPAD(created, 20, '0'), usage_unit)), 21) INTO v_unit FROM ledger
           WHERE account_id = p_account AND service = p_service AND created BETWEEN p_created AND v_last
             AND usage_quantity IS NOT NULL AND usage_unit <> '';
        END IF;
      END IF;
      INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                             last_timestamp, unit)
      VALUES (p_account, 'usage', FROM_DAYS(p_created DIV 86400), p_service, 0, 0, p_usage_quantity,
              p_created, v_unit)
      ON DUPLICATE KEY UPDATE
        quantity = quantity + VALUES(quantity), unit = VALUES(unit),
        last_timestamp = GREATEST(last_timestamp, VALUES(last_timestamp));
    END IF;
    SELECT 1 AS written;
  END IF;
END
