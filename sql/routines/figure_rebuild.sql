-- figure_rebuild: an account's row of figures and its months become what they are of. What
-- the account pays a month is priced by the caller, who holds the lock of service_show.
-- Locks:  audit_head of the account, then its ledger_balance
-- Called by reevectl.
CREATE PROCEDURE figure_rebuild(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  DECLARE v_sequence BIGINT;

  SELECT sequence INTO v_sequence FROM audit_head WHERE account_id = p_account FOR UPDATE;
  INSERT INTO ledger_balance (account_id, amount, priced)
    SELECT a.id, 0, 0 FROM account AS a WHERE a.id = p_account
  ON DUPLICATE KEY UPDATE amount = ledger_balance.amount;
  UPDATE account AS a
         STRAIGHT_JOIN service AS s ON s.account_id = a.id
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = a.id
     SET b.seller_id = IF(a.master = 1 OR a.deleted IS NOT NULL, NULL, a.reseller_id),
         b.name = a.name, b.realm = COALESCE(a.realm, ''), b.is_reseller = a.is_reseller,
         b.enabled = a.enabled, b.created = a.created, b.standing = s.standing
   WHERE a.id = p_account;
  CALL ledger_month_compute(p_account);
END
