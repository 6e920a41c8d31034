-- lease_give_back: gives a lease back, unless another has taken it meanwhile.
-- Locks:  the row of the lease
-- Called by migrate.
CREATE PROCEDURE lease_give_back(IN p_name VARCHAR(64), IN p_owner VARCHAR(160))
SQL SECURITY DEFINER
BEGIN
  -- "GET_LOCK in cluster": there is none to release.
  DECLARE CONTINUE HANDLER FOR 1235 BEGIN END;

  UPDATE lease SET owner = '' WHERE name = p_name AND owner = p_owner;
  DO RELEASE_LOCK(CONCAT('reeve_', LEFT(SHA2(CONCAT(DATABASE(), '/', p_name), 256), 50)));
END
