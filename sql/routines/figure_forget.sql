-- figure_forget: what an account and its ancestors pay a month is not known, because an
-- import changed quantities or plans without pricing them. run-due finds it out.
-- Locks:  ledger_balance of the account and its ancestors, the master account first
-- Called by reevectl.
CREATE PROCEDURE figure_forget(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  UPDATE (SELECT ancestor_id FROM account_closure
           WHERE descendant_id = p_account ORDER BY depth DESC LIMIT 1000000) AS c
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = c.ancestor_id
     SET b.priced = 0;
END
