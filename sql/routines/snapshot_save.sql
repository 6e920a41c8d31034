-- snapshot_save: stores the quantities of an account at the turn of a month: the end
-- of one month and the beginning of the next. Stored ones stay.
-- p_ended, p_began  YYYYMM
-- p_quantities      the three tables, canonical JSON
CREATE PROCEDURE snapshot_save(IN p_account CHAR(32), IN p_ended CHAR(6), IN p_began CHAR(6),
  IN p_quantities LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO service_snapshot (account_id, month, eom) VALUES (p_account, p_ended, p_quantities)
  ON DUPLICATE KEY UPDATE eom = COALESCE(eom, p_quantities);
  INSERT INTO service_snapshot (account_id, month, bom) VALUES (p_account, p_began, p_quantities)
  ON DUPLICATE KEY UPDATE bom = COALESCE(bom, p_quantities);
END
