-- ledger_import: one ledger entry and its day row, unless it is here already.
-- p_amount    decimal as text, never negative
-- p_usage_quantity  NULL: no usage, so no day row
-- Row:    written: 1, or 0 when the account has an entry of this id
-- Errors: 45404 account: unknown
CREATE PROCEDURE ledger_import(
  IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_type VARCHAR(6), IN p_service VARCHAR(128),
  IN p_source_id VARCHAR(255), IN p_amount VARCHAR(24), IN p_usage_type VARCHAR(64),
  IN p_usage_quantity BIGINT, IN p_usage_unit VARCHAR(32), IN p_period_start BIGINT,
  IN p_period_end BIGINT, IN p_created BIGINT, IN p_recorded BIGINT, IN p_document LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  -- The account's lock: a rebuild of its days must not run beside this.
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM ledger WHERE account_id = p_account AND id = p_id) THEN
    SELECT 0 AS written;
  ELSE
    INSERT INTO ledger (account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
                        usage_unit, period_start, period_end, created, recorded, document)
    VALUES (p_account, p_id, p_type, p_service, p_source_id, CAST(p_amount AS DECIMAL(20,6)), p_usage_type,
            p_usage_quantity, p_usage_unit, p_period_start, p_period_end, p_created, p_recorded, p_document);
    IF p_usage_quantity IS NOT NULL THEN
      INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                             last_timestamp, unit)
      VALUES (p_account, 'usage', FROM_DAYS(p_created DIV 86400), p_service, 0, 0, p_usage_quantity,
              p_created, p_usage_unit)
      ON DUPLICATE KEY UPDATE
        quantity = quantity + VALUES(quantity),
        unit = CASE WHEN VALUES(last_timestamp) > last_timestamp THEN VALUES(unit)
                    WHEN VALUES(last_timestamp) < last_timestamp THEN unit
                    WHEN unit IS NULL OR VALUES(unit) > unit THEN VALUES(unit)
                    ELSE unit END,
        last_timestamp = GREATEST(last_timestamp, VALUES(last_timestamp));
    END IF;
    SELECT 1 AS written;
  END IF;
END
