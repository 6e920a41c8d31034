-- answer_take: begins a request that may be sent again, or finds its answer.
-- p_name         the Idempotency-Key
-- p_fingerprint  SHA-256 of method, path, query and body
-- p_now, p_expires  Gregorian seconds
-- Row:    fresh: 1 the request is new; same: 1 the fingerprint is the stored one;
--         status, entity, location, body, metadata: the answer
-- Locks:  the row, until the request's transaction ends: a second request waits
CREATE PROCEDURE answer_take(IN p_account CHAR(32), IN p_name VARCHAR(255),
  IN p_fingerprint BINARY(32), IN p_now BIGINT, IN p_expires BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_fresh TINYINT DEFAULT 0;

  INSERT INTO remembered_answer (account_id, name, fingerprint, expires)
  VALUES (p_account, p_name, p_fingerprint, p_expires)
  ON DUPLICATE KEY UPDATE name = p_name;
  SET v_fresh = ROW_COUNT() = 1;
  IF NOT v_fresh THEN
    UPDATE remembered_answer
       SET fingerprint = p_fingerprint, expires = p_expires, status = 0, location = NULL,
           body = NULL, metadata = NULL
     WHERE account_id = p_account AND name = p_name AND expires <= p_now;
    SET v_fresh = ROW_COUNT() = 1;
  END IF;
  SELECT v_fresh AS fresh, fingerprint = p_fingerprint AS same, status, entity, location, body,
         metadata
    FROM remembered_answer WHERE account_id = p_account AND name = p_name;
END
