-- snapshot_save: the quantities of an account where two months meet: with these
-- the one ended and the other began. What is there stays.
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
