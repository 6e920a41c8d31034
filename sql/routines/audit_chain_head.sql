-- audit_chain_head: the end of an account's chain. No row: unknown account.
CREATE PROCEDURE audit_chain_head(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT sequence, hash FROM audit_head WHERE account_id = p_account;
END
