-- customer_show: what a list of customers shows of any one account, with
-- the names of its payer and seller.
-- p_month, p_since  as customer_list
-- Row:  as customer_list; none: no such account
CREATE PROCEDURE customer_show(IN p_account CHAR(32), IN p_month CHAR(6), IN p_since CHAR(6))
SQL SECURITY DEFINER
BEGIN
  SET SESSION group_concat_max_len = 1000000;
  SELECT b.account_id AS id, b.name, NULLIF(b.realm, '') AS realm, b.created, b.enabled,
         b.is_reseller, b.standing, s.billing_id AS payer_id, CAST(b.amount AS CHAR) AS balance,
         CAST(b.held AS CHAR) AS held, CAST(b.available AS CHAR) AS available,
         IF(b.priced = 1, CAST(b.recurring AS CHAR), NULL) AS recurring,
         CAST(IF(b.used_month = p_month, b.used, 0) AS CHAR) AS used,
         CASE WHEN b.priced = 0 THEN NULL WHEN b.changed_month < p_month THEN '0'
              ELSE CAST(b.recurring - b.recurring_before AS CHAR) END AS changed,
         (SELECT GROUP_CONCAT(CONCAT(m.month, '=', m.charged) ORDER BY m.month)
            FROM ledger_month AS m
           WHERE m.account_id = b.account_id AND m.month BETWEEN p_since AND p_month) AS months,
         p.name AS payer_name, r.id AS seller_id, r.name AS seller_name, s.reason
    FROM account AS a
    STRAIGHT_JOIN ledger_balance AS b ON b.account_id = a.id
    STRAIGHT_JOIN service AS s ON s.account_id = a.id
    STRAIGHT_JOIN account AS p ON p.id = s.billing_id
    STRAIGHT_JOIN account AS r ON r.id = a.reseller_id
   WHERE a.id = p_account AND a.deleted IS NULL;
END
