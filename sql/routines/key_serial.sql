-- key_serial: the serial number of the API key that an account shows.
-- p_renew  1: the account gets the next number
-- Row:     serial, counted from 1; 0: no key yet. sealed: the key, NULL: it is derived;
--          with p_renew that of the number before, which is forgotten
-- Errors:  45404 account: unknown
-- Locks:   the account, where the number changes
CREATE PROCEDURE key_serial(IN p_account CHAR(32), IN p_renew TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_serial BIGINT DEFAULT NULL;
  DECLARE v_sealed VARCHAR(200) DEFAULT NULL;

  IF p_renew THEN
    SELECT key_serial + 1, key_sealed INTO v_serial, v_sealed FROM account
     WHERE id = p_account AND deleted IS NULL FOR UPDATE;
    UPDATE account SET key_serial = v_serial, key_sealed = NULL
     WHERE id = p_account AND deleted IS NULL;
  ELSE
    SELECT key_serial, key_sealed INTO v_serial, v_sealed FROM account
     WHERE id = p_account AND deleted IS NULL;
  END IF;
  IF v_serial IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT v_serial AS serial, v_sealed AS sealed;
END
