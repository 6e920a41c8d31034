-- quantity_change_list: the changes of an account's quantities since a moment,
-- summed up from its audit entries.
-- p_from  Gregorian seconds, included
-- Row:    scope, category, item, difference
CREATE PROCEDURE quantity_change_list(IN p_account CHAR(32), IN p_from BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT x.scope, x.category, x.item, CAST(SUM(x.difference) AS SIGNED) AS difference
    FROM (SELECT s.scope, t.category, t.item,
                 CASE s.scope WHEN 'account' THEN t.own WHEN 'cascade' THEN t.below
                              ELSE t.typed END AS difference
            FROM audit_entry AS e
            JOIN JSON_TABLE(e.document, '$.audit[*]' COLUMNS (
                   category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
                   item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.source',
                   own      BIGINT       PATH '$.tables.account',
                   below    BIGINT       PATH '$.tables.cascade',
                   typed    BIGINT       PATH '$.tables.manual')) AS t
            JOIN (SELECT 'account' AS scope UNION ALL SELECT 'cascade'
                  UNION ALL SELECT 'manual') AS s
           WHERE e.account_id = p_account AND e.form = 'quantities' AND e.created >= p_from) AS x
   WHERE x.difference IS NOT NULL AND x.category IS NOT NULL AND x.item IS NOT NULL
   GROUP BY x.scope, x.category, x.item;
END
