-- webhook_attempt_list: attempts to deliver to a webhook, newest first.
-- p_target   webhook/ACCOUNT/ID
-- p_at       message and attempt to begin with, as id * 100000 + attempt; 0: the
--            newest
-- p_limit    at most this many rows
-- The messages first: to sort all attempts for a page of them would read them all.
CREATE PROCEDURE webhook_attempt_list(IN p_target VARCHAR(160), IN p_at BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SELECT o.id * 100000 + t.attempt AS place, o.delivery_id, o.account_id, o.message,
         CAST(o.state AS CHAR) AS state,
         o.created, t.attempt, t.begun, t.ended, t.http_status, t.reason, t.detail
    FROM (SELECT m.id FROM outbox AS m FORCE INDEX (target)
           WHERE m.target = p_target AND m.id <= IF(p_at = 0, 9223372036854775807, p_at DIV 100000)
             AND (SELECT MIN(x.attempt) FROM outbox_attempt AS x WHERE x.outbox_id = m.id)
                 <= IF(p_at = 0 OR m.id < p_at DIV 100000, 100000, p_at % 100000)
           ORDER BY m.id DESC LIMIT p_limit) AS page
    STRAIGHT_JOIN outbox AS o ON o.id = page.id
    STRAIGHT_JOIN outbox_attempt AS t ON t.outbox_id = o.id
   WHERE p_at = 0 OR o.id * 100000 + t.attempt <= p_at
   ORDER BY o.id DESC, t.attempt DESC LIMIT p_limit;
END
