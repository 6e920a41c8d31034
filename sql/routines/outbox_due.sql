-- outbox_due: true if there is a message to deliver.
-- p_now  Gregorian seconds
-- Row:   due: 1 or 0
CREATE PROCEDURE outbox_due(IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(EXISTS (SELECT 1 FROM outbox_line WHERE due <= p_now) AS SIGNED) AS due;
END
