-- payment_show: one payment of an account. No row: unknown id.
-- p_lock  1: nobody else may settle it until the transaction ends
CREATE PROCEDURE payment_show(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_lock TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_id VARCHAR(64);

  IF p_lock THEN
    SELECT id INTO v_id FROM payment WHERE account_id = p_account AND id = p_id FOR UPDATE;
  END IF;
  SELECT account_id, id, CAST(type AS CHAR) AS type, CAST(status AS CHAR) AS status, amount,
         created, executor,
         credits, bookkeeper_id, bookkeeper_type, vendor_id, reason, message, details, document
    FROM payment WHERE account_id = p_account AND id = p_id;
END
