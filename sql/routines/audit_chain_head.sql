-- audit_chain_head: the end of an account's chain. No row: unknown account.
-- Row:    is_bare: 1: it has no entry, no ledger entry and nothing that sums them
CREATE PROCEDURE audit_chain_head(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT h.account_id, h.sequence, h.hash,
         h.sequence = 0
         AND NOT EXISTS (SELECT 1 FROM audit_entry AS e WHERE e.account_id = h.account_id)
         AND NOT EXISTS (SELECT 1 FROM audit_day AS d WHERE d.account_id = h.account_id)
         AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE l.account_id = h.account_id)
         AND NOT EXISTS (SELECT 1 FROM ledger_day AS d WHERE d.account_id = h.account_id)
         AND NOT EXISTS (SELECT 1 FROM ledger_balance AS b
                          WHERE b.account_id = h.account_id AND b.amount <> 0) AS is_bare
    FROM audit_head AS h WHERE h.account_id = p_account;
END
