-- figure_verify: an account's row of figures and its months, compared with what they are
-- of, as of one moment: this is one statement.
-- Row:  wrong: the first figure that is, by its name; NULL: none. recurring, NULL where it
--       is not known: for the caller to compare. No row: unknown account, or deleted
-- Called by reevectl.
CREATE PROCEDURE figure_verify(IN p_account CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT CASE
           WHEN b.account_id IS NULL THEN 'row'
           WHEN NOT (b.seller_id <=> IF(a.master = 1, NULL, a.reseller_id)) THEN 'seller'
           WHEN b.name COLLATE utf8mb4_bin <> a.name THEN 'name'
           WHEN b.realm COLLATE utf8mb4_bin <> COALESCE(a.realm, '') THEN 'realm'
           WHEN b.is_reseller <> a.is_reseller THEN 'is_reseller'
           WHEN b.enabled <> a.enabled THEN 'enabled'
           WHEN b.created <> a.created THEN 'created'
           WHEN b.standing COLLATE utf8mb4_bin <> s.standing THEN 'standing'
           WHEN b.used_month <> COALESCE((SELECT MAX(m.month) FROM ledger_month AS m
                                           WHERE m.account_id = a.id AND m.used > 0), '')
             OR b.used <> COALESCE((SELECT m.used FROM ledger_month AS m
                                     WHERE m.account_id = a.id AND m.month = b.used_month), 0)
           THEN 'usage'
           WHEN EXISTS (SELECT 1
                          FROM (SELECT m.month, m.charged, m.used FROM ledger_month AS m
                                 WHERE m.account_id = p_account
                                UNION ALL
                                SELECT DATE_FORMAT(FROM_DAYS(LEAST(l.created, l.recorded)
                                                             DIV 86400), '%Y%m'),
                                       -l.amount, IF(COALESCE(l.usage_quantity, 0) = 0, 0,
                                                   -l.amount)
                                  FROM ledger AS l
                                 WHERE l.account_id = p_account AND l.type = 'debit'
                                   AND l.service <> 'rollovers') AS x
                         GROUP BY x.month HAVING SUM(x.charged) <> 0 OR SUM(x.used) <> 0)
           THEN 'months'
         END AS wrong,
         IF(b.priced = 1, CAST(b.recurring AS CHAR), NULL) AS recurring
    FROM account AS a
    JOIN service AS s ON s.account_id = a.id
    LEFT JOIN ledger_balance AS b ON b.account_id = a.id
   WHERE a.id = p_account AND a.deleted IS NULL;
END
