-- outbox_purge: deletes a batch of delivered messages with their attempts, some mail that
-- was given up as long ago, and what is known of receivers that have not failed for as long.
-- p_before  only those delivered until then, Gregorian seconds
-- Row:      number of delivered messages deleted
CREATE PROCEDURE outbox_purge(IN p_before BIGINT)
SQL SECURITY DEFINER
BEGIN
  DELETE FROM outbox_receiver WHERE since <= p_before AND paused_until <= p_before;
  DELETE FROM outbox
   WHERE state = 'dead' AND settled <= p_before AND target LIKE 'mail/%' LIMIT 500;
  DELETE FROM outbox WHERE state = 'delivered' AND settled <= p_before ORDER BY settled LIMIT 500;
  SELECT CAST(ROW_COUNT() AS SIGNED) AS purged;
END
