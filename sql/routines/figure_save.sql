-- figure_save: writes what changed invoices add up to, and the standings, to the rows of
-- figures (ledger_balance). The caller holds the lock of service_show, and has written
-- what locks audit_head and balances: a ledger entry locks them in this order.
-- All new values are of the selection, because a join assigns in no certain order.
-- p_figures  JSON [{account, recurring}, ...]
-- p_month    YYYYMM of the change
-- Locks:     ledger_balance of the accounts, by id
CREATE PROCEDURE figure_save(IN p_figures LONGTEXT, IN p_month CHAR(6))
SQL SECURITY DEFINER
BEGIN
  UPDATE (SELECT k.account_id, s.standing, t.recurring,
                 IF(k.priced = 1 AND k.recurring = t.recurring, k.changed_month,
                    GREATEST(k.changed_month, p_month)) AS changed_month,
                 IF(k.priced = 1 AND k.recurring = t.recurring, k.recurring_before,
                    IF(k.changed_month >= p_month, k.recurring_before,
                       IF(k.priced = 1, k.recurring, NULL))) AS recurring_before
            FROM JSON_TABLE(p_figures, '$[*]' COLUMNS (
                   account_id CHAR(32) COLLATE utf8mb4_bin PATH '$.account',
                   recurring  DECIMAL(20,6)                PATH '$.recurring')) AS t
            STRAIGHT_JOIN ledger_balance AS k ON k.account_id = t.account_id
            STRAIGHT_JOIN service AS s ON s.account_id = t.account_id
           ORDER BY t.account_id LIMIT 1000000) AS n
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = n.account_id
     SET b.standing = n.standing, b.recurring = n.recurring, b.priced = 1,
         b.changed_month = n.changed_month, b.recurring_before = n.recurring_before;
END
