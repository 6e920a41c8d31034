-- audit_day_compute: computes the day rows of an account from its lines and
-- ledgers, into the temporary table computed_day. This is the definition of a day;
-- audit_day_add and ledger_day_add follow it:
--   addition, removal  sums of rises and falls (gross, rules/audit 8)
--   quantity           after the last change by (created, sequence, line); of usage the sum
--   unit               of the latest usage that has one; of equal times the greatest
-- p_from, p_to  whole days, both included. Internal.
CREATE PROCEDURE audit_day_compute(IN p_account CHAR(32), IN p_from DATE, IN p_to DATE)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from BIGINT DEFAULT TO_DAYS(p_from) * 86400;
  DECLARE v_to BIGINT DEFAULT (TO_DAYS(p_to) + 1) * 86400 - 1;

  DROP TEMPORARY TABLE IF EXISTS computed_day;
  CREATE TEMPORARY TABLE computed_day (
    family VARCHAR(10) NOT NULL, day DATE NOT NULL, service VARCHAR(128) NOT NULL,
    addition BIGINT NOT NULL, removal BIGINT NOT NULL, quantity BIGINT NOT NULL,
    last_timestamp BIGINT NOT NULL, unit VARCHAR(32) NULL,
    PRIMARY KEY (family, day, service)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

  INSERT INTO computed_day (family, day, service, addition, removal, quantity, last_timestamp)
    SELECT IF(x.form = 'invoice', 'billable', 'quantity'), FROM_DAYS(x.day_number), x.service,
           SUM(GREATEST(x.difference, 0)), SUM(GREATEST(-x.difference, 0)),
           MAX(IF(x.place = 1, x.quantity, NULL)), MAX(x.created)
      FROM (SELECT e.form, e.created DIV 86400 AS day_number, l.service, l.difference, l.quantity,
                   e.created, ROW_NUMBER() OVER (PARTITION BY e.form, e.created DIV 86400, l.service
                                      ORDER BY e.created DESC, e.sequence DESC,
                                      l.line DESC) AS place
              FROM audit_entry AS e FORCE INDEX (created),
                   JSON_TABLE(e.line_items, '$[*]' COLUMNS (
                     line       FOR ORDINALITY,
                     service    VARCHAR(128) COLLATE utf8mb4_bin PATH '$[0]',
                     difference BIGINT       PATH '$[2]',
                     quantity   BIGINT       PATH '$[3]')) AS l
             WHERE e.account_id = p_account AND e.form IN ('invoice', 'quantities')
               AND e.created BETWEEN v_from AND v_to) AS x
     GROUP BY x.form, x.day_number, x.service;

  INSERT INTO computed_day (family, day, service, addition, removal, quantity, last_timestamp, unit)
    SELECT 'usage', FROM_DAYS(created DIV 86400), service, 0, 0, SUM(usage_quantity), MAX(created),
           SUBSTRING(MAX(CONCAT(LPAD(created, 20, '0'), NULLIF(usage_unit, ''))), 21)
      FROM ledger FORCE INDEX (created)
     WHERE account_id = p_account AND usage_quantity IS NOT NULL AND created BETWEEN v_from AND v_to
     GROUP BY FROM_DAYS(created DIV 86400), service;
END
