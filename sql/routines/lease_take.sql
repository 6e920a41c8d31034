-- lease_take: takes or renews the lease of work that takes turns, across all nodes of a
-- cluster. It is free when its owner gave it back. Else it is free when the owner's
-- connection has ended, if it was to this server, which drops the lock that goes with
-- it; or when it expired, if the connection was to another server or this one refuses
-- such locks (Galera). The clock is the database's.
-- p_owner    who takes it: a text for people, different for each taker
-- p_seconds  until it expires
-- Row:    taken: 1 or 0; who has it now, and for how many seconds it is left
-- Locks:  the row of the lease; the name of the lease, on this server, until the
--         connection ends or calls lease_give_back
-- Called by migrate.
CREATE PROCEDURE lease_take(IN p_name VARCHAR(64), IN p_owner VARCHAR(160), IN p_seconds BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_now BIGINT DEFAULT UNIX_TIMESTAMP();
  DECLARE v_here VARCHAR(400) DEFAULT LEFT(CONCAT(@@hostname, ':', @@port, @@datadir), 400);
  DECLARE v_lock VARCHAR(64) DEFAULT
    CONCAT('reeve_', LEFT(SHA2(CONCAT(DATABASE(), '/', p_name), 256), 50));
  DECLARE v_owner VARCHAR(160);
  DECLARE v_server VARCHAR(400);
  DECLARE v_free TINYINT DEFAULT NULL;
  DECLARE v_expires BIGINT;
  DECLARE v_taken TINYINT DEFAULT 0;

  INSERT INTO lease (name, owner, server, expires) VALUES (p_name, '', '', 0)
  ON DUPLICATE KEY UPDATE expires = lease.expires;
  SELECT owner, server, expires INTO v_owner, v_server, v_expires
    FROM lease WHERE name = p_name FOR UPDATE;
  IF v_server = v_here THEN
    SET v_free = IS_FREE_LOCK(v_lock);
  END IF;
  IF v_owner IN ('', p_owner) OR COALESCE(v_free, v_expires <= v_now) THEN
    BEGIN
      DECLARE CONTINUE HANDLER FOR 1235 SET v_here = '';
      IF NOT (IS_USED_LOCK(v_lock) <=> CONNECTION_ID()) AND GET_LOCK(v_lock, 0) <> 1 THEN
        SET v_here = '';
      END IF;
    END;
    SET v_taken = 1, v_owner = p_owner, v_expires = v_now + p_seconds;
    UPDATE lease SET owner = p_owner, server = v_here, expires = v_expires WHERE name = p_name;
  END IF;
  SELECT v_taken AS taken, v_owner AS owner, v_expires - v_now AS seconds;
END
