-- audit_day_list: the day rows of an account, whole days from p_from's to p_to's.
-- p_view     'services': billable lines and usage; 'quantities': quantities
-- p_service  one service; '' every service
-- p_from, p_to  Gregorian seconds
-- Rows:      in no promised order
CREATE PROCEDURE audit_day_list(
  IN p_account CHAR(32), IN p_view VARCHAR(10), IN p_service VARCHAR(128), IN p_from BIGINT,
  IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from DATE DEFAULT FROM_DAYS(p_from DIV 86400);
  DECLARE v_to DATE DEFAULT FROM_DAYS(p_to DIV 86400);
  IF p_view = 'quantities' THEN
    IF p_service = '' THEN
      SELECT service, day, family = 'usage' AS is_usage, addition, removal, quantity,
             last_timestamp, unit
        FROM audit_day
       WHERE account_id = p_account AND family = 'quantity' AND day BETWEEN v_from AND v_to;
    ELSE
      SELECT service, day, family = 'usage' AS is_usage, addition, removal, quantity,
             last_timestamp, unit
        FROM audit_day
       WHERE account_id = p_account AND family = 'quantity' AND service = p_service
         AND day BETWEEN v_from AND v_to;
    END IF;
  ELSEIF p_service = '' THEN
    SELECT service, day, family = 'usage' AS is_usage, addition, removal, quantity, last_timestamp,
           unit
      FROM audit_day
     WHERE account_id = p_account AND family IN ('billable', 'usage')
       AND day BETWEEN v_from AND v_to;
  ELSE
    SELECT service, day, family = 'usage' AS is_usage, addition, removal, quantity, last_timestamp,
           unit
      FROM audit_day
     WHERE account_id = p_account AND family IN ('billable', 'usage') AND service = p_service
       AND day BETWEEN v_from AND v_to;
  END IF;
END
