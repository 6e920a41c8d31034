-- audit_chain_lines: the lines of the entries p_from..p_to of an account, in order.
CREATE PROCEDURE audit_chain_lines(IN p_account CHAR(32), IN p_from BIGINT, IN p_to BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT sequence, line, service, category, difference, quantity
    FROM audit_line WHERE account_id = p_account AND sequence BETWEEN p_from AND p_to
   ORDER BY sequence, line;
END
