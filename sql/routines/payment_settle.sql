-- payment_settle: records the outcome of a payment and ends its turn (payment_turn).
-- The caller has locked it with payment_show. A completed payment stays completed.
-- p_details  JSON or NULL
CREATE PROCEDURE payment_settle(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_status VARCHAR(10),
  IN p_reason VARCHAR(255), IN p_message TEXT, IN p_details LONGTEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE payment SET status = p_status, reason = p_reason, message = p_message, details = p_details,
                     modified = p_now, asked_until = 0
   WHERE account_id = p_account AND id = p_id AND status <> 'completed';
END
