-- customer_total_show: the number of a seller's customers that match, and their sums.
-- Parameters as customer_list
-- Row:  sums of what is known
CREATE PROCEDURE customer_total_show(IN p_seller CHAR(32), IN p_like VARCHAR(253),
  IN p_number VARCHAR(64), IN p_standing VARCHAR(32), IN p_reseller TINYINT, IN p_month CHAR(6))
SQL SECURITY DEFINER
BEGIN
  SELECT COUNT(*) AS matches, CAST(COALESCE(SUM(b.amount), 0) AS CHAR) AS balance,
         CAST(COALESCE(SUM(b.held), 0) AS CHAR) AS held,
         CAST(COALESCE(SUM(b.available), 0) AS CHAR) AS available,
         CAST(COALESCE(SUM(IF(b.priced = 1, b.recurring, 0)), 0) AS CHAR) AS recurring,
         CAST(COALESCE(SUM(IF(b.used_month = p_month, b.used, 0)), 0) AS CHAR) AS used,
         CAST(COALESCE(SUM(IF(b.priced = 1 AND b.changed_month >= p_month,
                              COALESCE(b.recurring - b.recurring_before, 0), 0)), 0)
              AS CHAR) AS changed
    FROM ledger_balance AS b FORCE INDEX (by_name)
   WHERE b.seller_id = p_seller AND
       (p_like IS NULL OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.name) > 0
            OR LOCATE(p_like COLLATE utf8mb4_general_ci, b.realm) > 0
            OR (p_number IS NOT NULL
                AND EXISTS (SELECT 1 FROM object AS o FORCE INDEX (PRIMARY)
                             WHERE o.account_id = b.account_id AND o.kind = 'phone_numbers'
                               AND o.id LIKE CONCAT(p_number, '%'))))
       AND (p_standing IS NULL OR b.standing = p_standing COLLATE utf8mb4_general_ci)
       AND (p_reseller IS NULL OR b.is_reseller = p_reseller);
END
