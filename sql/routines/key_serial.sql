-- key_serial: the serial number of the API key that an account shows.
-- p_renew  1: the account gets the next number
-- Row:     serial, counted from 1; 0: no key yet
-- Errors:  45404 account: unknown
-- Locks:   the account, where the number changes
CREATE PROCEDURE key_serial(IN p_account CHAR(32), IN p_renew TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_serial BIGINT DEFAULT NULL;

  IF p_renew THEN
    UPDATE account SET key_serial = key_serial + 1 WHERE id = p_account AND deleted IS NULL;
  END IF;
  SELECT key_serial INTO v_serial FROM account WHERE id = p_account AND deleted IS NULL;
  IF v_serial IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT v_serial AS serial;
END
