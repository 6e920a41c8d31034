-- outbox_list: undelivered messages, the oldest first.
-- p_account  of that account; NULL: of all
-- p_dead     1: only those that were given up
-- p_after    only ids after this one; 0: from the first
-- p_limit    at most this many rows
-- Rows:      due: when the line of a waiting message is due; claimed: 1 a courier
--            has the line
-- Called by reevectl.
CREATE PROCEDURE outbox_list(IN p_account CHAR(32), IN p_dead TINYINT, IN p_after BIGINT,
  IN p_limit BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT o.id, o.delivery_id, o.account_id, o.target, o.message, o.audit_id, o.state, o.created,
         o.attempts,
         l.due, CAST(l.claim IS NOT NULL AS SIGNED) AS claimed, o.http_status, o.reason, o.detail
    FROM outbox AS o JOIN outbox_line AS l ON l.account_id = o.account_id AND l.target = o.target
   WHERE o.id > p_after AND o.state <> 'delivered' AND (p_dead = 0 OR o.state = 'dead')
     AND (p_account IS NULL OR o.account_id = p_account)
   ORDER BY o.id LIMIT p_limit;
END
