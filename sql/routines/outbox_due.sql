-- outbox_due: is there a message to deliver?
-- p_now  Gregorian seconds
-- Row:   due: 1 there is, 0
CREATE PROCEDURE outbox_due(IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(EXISTS (SELECT 1 FROM outbox_line WHERE due <= p_now) AS SIGNED) AS due;
END
