-- key_seal: keeps the sealed text of the API key that an account shows, unless it
-- shows another by now.
-- p_serial  of the key that was sealed
-- Called by reevectl.
CREATE PROCEDURE key_seal(IN p_account CHAR(32), IN p_serial BIGINT, IN p_sealed VARCHAR(200))
SQL SECURITY DEFINER
BEGIN
  UPDATE account SET key_sealed = p_sealed
   WHERE id = p_account AND key_serial = p_serial;
END
