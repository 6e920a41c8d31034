-- ledger_day_compute: computes the ledger_day rows of an account from its entries,
-- into the temporary table computed_ledger_day. This is their definition;
-- ledger_day_add follows it. The columns are those of ledger_day. Internal.
-- p_from, p_to  whole days, both included
CREATE PROCEDURE ledger_day_compute(IN p_account CHAR(32), IN p_from DATE, IN p_to DATE)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from BIGINT DEFAULT TO_DAYS(p_from) * 86400;
  DECLARE v_to BIGINT DEFAULT (TO_DAYS(p_to) + 1) * 86400 - 1;

  DROP TEMPORARY TABLE IF EXISTS computed_ledger_day;
  CREATE TEMPORARY TABLE computed_ledger_day (
    day DATE NOT NULL, service VARCHAR(128) NOT NULL, for_id VARCHAR(64) NOT NULL,
    usage_type VARCHAR(64) NOT NULL, for_name VARCHAR(255) NULL, amount DECIMAL(30,6) NOT NULL,
    quantity BIGINT NOT NULL, entries BIGINT NOT NULL, first_created BIGINT NOT NULL,
    last_created BIGINT NOT NULL, first_type VARCHAR(84) NULL, first_unit VARCHAR(52) NULL,
    last_unit VARCHAR(52) NULL, PRIMARY KEY (day, service, for_id, usage_type)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

  INSERT INTO computed_ledger_day (day, service, for_id, usage_type, for_name, amount, quantity,
                                   entries, first_created, last_created, first_type, first_unit,
                                   last_unit)
    SELECT l.day, l.service, l.for_id, l.usage_type, MAX(l.for_name), SUM(l.amount),
           COALESCE(SUM(l.usage_quantity), 0), COUNT(*), MIN(l.created), MAX(l.created),
           MIN(CONCAT(l.moment, NULLIF(l.usage_type, ''))), MIN(l.unit),
           MAX(IF(l.usage_quantity IS NULL, NULL, l.unit))
      FROM (SELECT FROM_DAYS(created DIV 86400) AS day, service,
                   COALESCE(for_id, account_id) AS for_id, COALESCE(usage_type, '') AS usage_type,
                   for_name, IF(type = 'credit', amount, -amount) AS amount, usage_quantity,
                   created, LPAD(created, 20, '0') AS moment,
                   CONCAT(LPAD(created, 20, '0'), NULLIF(usage_unit, '')) AS unit
              FROM ledger FORCE INDEX (created)
             WHERE account_id = p_account AND created BETWEEN v_from AND v_to) AS l
     GROUP BY l.day, l.service, l.for_id, l.usage_type;
END
