-- payment_pending_list: pending payments of an account without an answer from the
-- bookkeeper, the longest waiting first.
-- p_before  touched before this, Gregorian seconds
-- Row:      as payment_show
CREATE PROCEDURE payment_pending_list(IN p_account CHAR(32), IN p_before BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT account_id, id, CAST(type AS CHAR) AS type, CAST(status AS CHAR) AS status, amount,
         created, executor,
         credits, bookkeeper_id, bookkeeper_type, vendor_id, reason, message, details, document
    FROM payment WHERE account_id = p_account AND status = 'pending' AND modified < p_before
   ORDER BY modified LIMIT p_limit;
END
