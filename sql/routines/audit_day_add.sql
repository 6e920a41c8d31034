-- audit_day_add: adds changes to the day rows. Only this and audit_day_rebuild
-- write day rows; audit_day_compute defines them. Internal.
-- p_account, p_created  account and moment of changes that do not name their own
-- p_family   'billable', 'quantity', 'usage'
-- p_changes  JSON [[service, any, difference, quantity, account, created, unit], ...],
--            in the order in which they happened: the lines of an audit entry (the
--            first four), or usage, with the unit that its day has from now on
-- Locks:     the caller holds audit_head of the accounts
CREATE PROCEDURE audit_day_add(
  IN p_account CHAR(32), IN p_family VARCHAR(10), IN p_created BIGINT, IN p_changes LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity,
                         last_timestamp, unit)
    SELECT COALESCE(c.account_id, p_account), p_family,
           FROM_DAYS(COALESCE(c.created, p_created) DIV 86400), c.service,
           GREATEST(c.difference, 0), GREATEST(-c.difference, 0), c.quantity,
           COALESCE(c.created, p_created), c.unit
      FROM JSON_TABLE(p_changes, '$[*]' COLUMNS (
             place      FOR ORDINALITY,
             service    VARCHAR(128) COLLATE utf8mb4_bin PATH '$[0]',
             difference BIGINT PATH '$[2]',
             quantity   DECIMAL(30) PATH '$[3]',
             account_id VARCHAR(32) COLLATE utf8mb4_bin PATH '$[4]',
             created    BIGINT PATH '$[5]',
             unit       VARCHAR(32) COLLATE utf8mb4_bin PATH '$[6]')) AS c
     ORDER BY c.place
  ON DUPLICATE KEY UPDATE
    addition = audit_day.addition + GREATEST(c.difference, 0),
    removal = audit_day.removal + GREATEST(-c.difference, 0),
    quantity = CASE WHEN p_family = 'usage' THEN audit_day.quantity + c.quantity
                    WHEN COALESCE(c.created, p_created) >= audit_day.last_timestamp THEN c.quantity
                    ELSE audit_day.quantity END,
    last_timestamp = GREATEST(audit_day.last_timestamp, COALESCE(c.created, p_created)),
    unit = c.unit;
END
