-- webhook_attempt_list: attempts to deliver to a webhook, newest first.
-- p_target   webhook/ACCOUNT/ID
-- p_at       message and attempt to begin with, as id * 100000 + attempt; 0: the
--            newest
-- p_limit    at most this many rows
CREATE PROCEDURE webhook_attempt_list(IN p_target VARCHAR(160), IN p_at BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT o.id * 100000 + t.attempt AS place, o.delivery_id, o.account_id, o.message,
         CAST(o.state AS CHAR) AS state,
         o.created, t.attempt, t.begun, t.ended, t.http_status, t.reason, t.detail
    FROM outbox AS o JOIN outbox_attempt AS t ON t.outbox_id = o.id
   WHERE o.target = p_target AND (p_at = 0 OR o.id * 100000 + t.attempt <= p_at)
   ORDER BY o.id DESC, t.attempt DESC LIMIT p_limit;
END
