-- payment_settle: what came of a payment, whose turn (payment_turn) is over. The
-- caller holds it (payment_show). Completed it stays.
-- p_details  JSON or NULL
CREATE PROCEDURE payment_settle(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_status VARCHAR(10),
  IN p_reason VARCHAR(255), IN p_message TEXT, IN p_details LONGTEXT, IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  UPDATE payment SET status = p_status, reason = p_reason, message = p_message, details = p_details,
                     modified = p_now, asked_until = 0
   WHERE account_id = p_account AND id = p_id AND status <> 'completed';
END
