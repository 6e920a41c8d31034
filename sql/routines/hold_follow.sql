-- hold_follow: what accounts at or below p_top hold of balances goes to their present
-- payers, after their payers changed. Internal.
-- Locks:  the caller holds the rows of service whose payers changed; then
--         ledger_balance of the payers, the former ones first
CREATE PROCEDURE hold_follow(IN p_top CHAR(32))
SQL SECURITY DEFINER
BEGIN
  UPDATE (SELECT h.payer_id, SUM(h.amount) AS amount
            FROM account_closure AS c
            STRAIGHT_JOIN balance_hold AS h ON h.account_id = c.descendant_id
            STRAIGHT_JOIN service AS s ON s.account_id = h.account_id
           WHERE c.ancestor_id = p_top AND h.payer_id <> s.billing_id
           GROUP BY h.payer_id) AS left_over
         STRAIGHT_JOIN ledger_balance AS b ON b.account_id = left_over.payer_id
     SET b.held = b.held - left_over.amount;
  INSERT INTO ledger_balance (account_id, amount, held)
    SELECT n.payer_id, 0, n.amount
      FROM (SELECT s.billing_id AS payer_id, SUM(h.amount) AS amount
              FROM account_closure AS c
              STRAIGHT_JOIN balance_hold AS h ON h.account_id = c.descendant_id
              STRAIGHT_JOIN service AS s ON s.account_id = h.account_id
             WHERE c.ancestor_id = p_top AND h.payer_id <> s.billing_id
             GROUP BY s.billing_id) AS n
  ON DUPLICATE KEY UPDATE held = ledger_balance.held + n.amount;
  UPDATE account_closure AS c
         STRAIGHT_JOIN balance_hold AS h ON h.account_id = c.descendant_id
         STRAIGHT_JOIN service AS s ON s.account_id = h.account_id
     SET h.payer_id = s.billing_id
   WHERE c.ancestor_id = p_top AND h.payer_id <> s.billing_id;
END
