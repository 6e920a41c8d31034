-- request_show: the fate of a request that an account sent.
-- p_name  its id, or its Idempotency-Key
-- p_now   Gregorian seconds
-- Row:    state: 'done', 'running' (its transaction has not ended) or 'unknown';
--         status, entity, location, body, metadata: the answer that was kept; status NULL:
--         none was
-- Locks:  the request's row, which a running request holds: waits for it a second at most
--         (NOWAIT is not for procedures)
CREATE PROCEDURE request_show(IN p_account CHAR(32), IN p_name VARCHAR(255), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_state VARCHAR(8) DEFAULT 'unknown';
  DECLARE v_name VARCHAR(255) DEFAULT p_name;
  DECLARE v_wait INT DEFAULT @@SESSION.innodb_lock_wait_timeout;
  DECLARE CONTINUE HANDLER FOR 1205 SET v_state = 'running';
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    SET SESSION innodb_lock_wait_timeout = v_wait;
    RESIGNAL;
  END;

  SET SESSION innodb_lock_wait_timeout = 1;
  SELECT 'done', name INTO v_state, v_name FROM request
   WHERE account_id = p_account AND id = p_name AND expires > p_now FOR UPDATE;
  IF v_state = 'unknown' THEN
    SELECT 'done' INTO v_state FROM request
     WHERE account_id = p_account AND name = p_name AND expires > p_now LIMIT 1 FOR UPDATE;
  END IF;
  SET SESSION innodb_lock_wait_timeout = v_wait;
  SELECT v_state AS state, r.status, r.entity, r.location, r.body, r.metadata
    FROM (SELECT 1 AS one) AS x
    LEFT JOIN remembered_answer AS r
           ON v_state = 'done' AND r.account_id = p_account AND r.name = v_name
          AND r.expires > p_now;
END
