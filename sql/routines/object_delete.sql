-- object_delete: deletes an object of an account and what it counted as. A user can no longer log
-- in; others may port the numbers of a port request. The caller holds the lock of service_show.
CREATE PROCEDURE object_delete(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  DELETE FROM object WHERE account_id = p_account AND kind = p_kind AND id = p_id;
  DELETE FROM service_source WHERE account_id = p_account AND source = CONCAT(p_kind, '/', p_id);
  IF p_kind = 'users' THEN
    DELETE FROM account_user WHERE account_id = p_account AND id = p_id;
  ELSEIF p_kind = 'port_requests' THEN
    DELETE FROM port_number WHERE account_id = p_account AND port_id = p_id;
  END IF;
END
