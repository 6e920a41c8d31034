-- audit_chain_head: where an account's chain ends. No row: unknown account.
CREATE PROCEDURE audit_chain_head(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT h.sequence, h.hash,
         (SELECT CAST(COUNT(*) AS SIGNED) FROM audit_line AS l
           WHERE l.account_id = p_account AND NOT EXISTS
             (SELECT 1 FROM audit_entry AS e WHERE e.account_id = l.account_id AND e.sequence = l.sequence)) AS stray_lines
    FROM audit_head AS h WHERE h.account_id = p_account;
END
