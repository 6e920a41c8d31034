-- audit_chain_head: where an account's chain ends. No row: unknown account.
CREATE PROCEDURE audit_chain_head(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT sequence, hash FROM audit_head WHERE account_id = p_account;
END
