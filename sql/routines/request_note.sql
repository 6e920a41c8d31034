-- request_note: notes, in the transaction of a change, which request makes it.
-- p_id       the request's id
-- p_name     its Idempotency-Key; NULL: none
-- p_expires  Gregorian seconds
-- Locks:     the row, until the transaction ends: request_show finds it running
CREATE PROCEDURE request_note(IN p_account CHAR(32), IN p_id VARCHAR(128), IN p_name VARCHAR(255),
                              IN p_expires BIGINT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO request (account_id, id, name, expires) VALUES (p_account, p_id, p_name, p_expires)
  ON DUPLICATE KEY UPDATE name = p_name, expires = p_expires;
END
