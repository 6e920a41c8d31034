-- status_show: what the status page tells of the database.
-- p_most  each number is counted to this one only
-- Row:    bookkeepers, webhooks, mails: messages that wait, by lane, and when the oldest
--         of each was created (_since); due: when the line that is due first was, or
--         will be; dead: messages that were given up; payments: pending ones;
--         run_at, run_result: since when the last run of run-due is as it is. NULL:
--         there is none. Gregorian seconds
CREATE PROCEDURE status_show(IN p_most INT)
SQL SECURITY DEFINER
BEGIN
  -- Each by an index, to its first p_most entries.
  SELECT
    (SELECT CAST(COUNT(*) AS SIGNED)
       FROM (SELECT 1 FROM outbox FORCE INDEX (lane)
              WHERE lane = 'bookkeeper' LIMIT p_most) AS b) AS bookkeepers,
    (SELECT created FROM outbox FORCE INDEX (lane)
      WHERE lane = 'bookkeeper' ORDER BY id LIMIT 1) AS bookkeepers_since,
    (SELECT CAST(COUNT(*) AS SIGNED)
       FROM (SELECT 1 FROM outbox FORCE INDEX (lane)
              WHERE lane = 'webhook' LIMIT p_most) AS w) AS webhooks,
    (SELECT created FROM outbox FORCE INDEX (lane)
      WHERE lane = 'webhook' ORDER BY id LIMIT 1) AS webhooks_since,
    (SELECT CAST(COUNT(*) AS SIGNED)
       FROM (SELECT 1 FROM outbox FORCE INDEX (lane)
              WHERE lane = 'mail' LIMIT p_most) AS m) AS mails,
    (SELECT created FROM outbox FORCE INDEX (lane)
      WHERE lane = 'mail' ORDER BY id LIMIT 1) AS mails_since,
    (SELECT due FROM outbox_line FORCE INDEX (due)
      WHERE due IS NOT NULL ORDER BY due LIMIT 1) AS due,
    (SELECT CAST(COUNT(*) AS SIGNED)
       FROM (SELECT 1 FROM outbox FORCE INDEX (state)
              WHERE state = 'dead' LIMIT p_most) AS d) AS dead,
    (SELECT CAST(COUNT(*) AS SIGNED)
       FROM (SELECT 1 FROM payment FORCE INDEX (waiting)
              WHERE status = 'pending' LIMIT p_most) AS p) AS payments,
    (SELECT at FROM due_run WHERE id = 1) AS run_at,
    (SELECT result FROM due_run WHERE id = 1) AS run_result;
END
