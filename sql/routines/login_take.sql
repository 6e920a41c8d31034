-- login_take: takes a login attempt out of a client's bucket.
-- p_client  its address
-- p_burst   attempts at once
-- p_refill  seconds until the bucket gains an attempt
-- p_now     Gregorian seconds
-- Row:      allowed: 1 or 0; wait: seconds until the next attempt may succeed
-- Locks:    the client's bucket
CREATE PROCEDURE login_take(IN p_client VARCHAR(128), IN p_burst INT, IN p_refill INT,
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_tokens DOUBLE;
  INSERT INTO login_bucket (client, tokens, updated) VALUES (p_client, p_burst, p_now)
  ON DUPLICATE KEY UPDATE
    tokens = LEAST(p_burst, tokens + GREATEST(p_now - updated, 0) / p_refill),
    updated = GREATEST(p_now, updated);
  SELECT tokens INTO v_tokens FROM login_bucket WHERE client = p_client FOR UPDATE;
  IF v_tokens >= 1 THEN
    UPDATE login_bucket SET tokens = tokens - 1 WHERE client = p_client;
  END IF;
  DELETE FROM login_bucket
   WHERE updated < p_now - p_burst * p_refill AND client <> p_client ORDER BY updated LIMIT 5;
  SELECT IF(v_tokens >= 1, 1, 0) AS allowed,
         CAST(IF(v_tokens >= 1, 0, CEIL((1 - v_tokens) * p_refill)) AS SIGNED) AS wait;
END
