-- outbox_due: true if there is a message to deliver.
-- p_now  Gregorian seconds
-- p_far  a message that is due later is due now: see outbox_claim
-- Row:   due: 1 or 0
CREATE PROCEDURE outbox_due(IN p_now BIGINT, IN p_far BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(EXISTS (SELECT 1 FROM outbox_line WHERE due <= p_now) OR
              EXISTS (SELECT 1 FROM outbox_line WHERE due > p_far) AS SIGNED) AS due;
END
