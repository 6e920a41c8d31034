-- ledger_balance_check: refuses an absurdly large balance, so that sums of
-- balances fit the 64 bits that money has in programs. Internal.
-- p_most  the greatest of them, without its sign; NULL: there is none
-- Errors: 45400 amount: too much for a balance
CREATE PROCEDURE ledger_balance_check(IN p_most DECIMAL(30,6))
SQL SECURITY DEFINER
BEGIN
  IF p_most > 1000000000000 THEN
    SIGNAL SQLSTATE '45400' SET MESSAGE_TEXT = 'amount: the balance would be beyond 1000000000000';
  END IF;
END
