-- audit_chain_head_list: the ends of the chains of all accounts, by account.
-- p_after  only accounts with a greater id
-- p_limit  at most this many rows
-- Rows:    as audit_chain_head
-- Called by reevectl.
CREATE PROCEDURE audit_chain_head_list(IN p_after CHAR(32), IN p_limit INT)
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
    FROM audit_head AS h WHERE h.account_id > p_after ORDER BY h.account_id LIMIT p_limit;
END
