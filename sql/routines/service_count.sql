-- service_count: recounts the quantities of an account: its own from their
-- sources, the cascade from all descendants (rules/counting 15).
CREATE PROCEDURE service_count(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT 'account' AS scope, category, item, CAST(SUM(quantity) AS SIGNED) AS quantity
    FROM service_source WHERE account_id = p_account
   GROUP BY category, item HAVING SUM(quantity) <> 0
  UNION ALL
  SELECT 'cascade', q.category, q.item, CAST(SUM(q.quantity) AS SIGNED)
    FROM account_closure AS c
    JOIN service_quantity AS q ON q.account_id = c.descendant_id AND q.scope = 'account'
   WHERE c.ancestor_id = p_account AND c.depth > 0 AND q.quantity >= 1
   GROUP BY q.category, q.item;
END
