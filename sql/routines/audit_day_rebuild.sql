-- audit_day_rebuild: rewrites the day rows of an account from its lines and ledger
-- entries, and adds what audit_search_list misses of them.
-- p_from, p_to  whole days, both included
-- Row:    days: rows of audit_day written
-- Errors: 45404 account: unknown
-- Locks:  audit_head of the account, so no entry comes in between
-- Called by reevectl.
CREATE PROCEDURE audit_day_rebuild(IN p_account CHAR(32), IN p_from DATE, IN p_to DATE)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT DEFAULT NULL;
  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  IF v_sequence IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  CALL audit_day_compute(p_account, p_from, p_to);
  DELETE FROM audit_day WHERE account_id = p_account AND day BETWEEN p_from AND p_to;
  INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                         last_timestamp, unit)
    SELECT p_account, family, day, service, addition, removal, quantity, last_timestamp, unit
      FROM computed_day;
  CALL audit_mark_fill(p_account, 1, v_sequence, TO_DAYS(p_from) * 86400,
                       (TO_DAYS(p_to) + 1) * 86400 - 1);
  CALL ledger_day_compute(p_account, p_from, p_to);
  DELETE FROM ledger_day WHERE account_id = p_account AND day BETWEEN p_from AND p_to;
  INSERT INTO ledger_day (account_id, day, service, for_id, usage_type, for_name, amount, quantity,
                          entries, first_created, last_created, first_type, first_unit, last_unit)
    SELECT p_account, day, service, for_id, usage_type, for_name, amount, quantity, entries,
           first_created, last_created, first_type, first_unit, last_unit
      FROM computed_ledger_day;
  SELECT CAST(COUNT(*) AS SIGNED) AS days FROM computed_day;
  DROP TEMPORARY TABLE computed_day, computed_ledger_day;
END
