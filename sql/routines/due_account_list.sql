-- due_account_list: accounts that a task is not done for up to a period, by id.
-- p_account  only this one; NULL: all
-- p_since    'ledger': accounts with ledger entries, since the first of these;
--            'payment': accounts with pending payments, deleted ones too, because
--            the money may have moved; 'topup': accounts that top up automatically;
--            'pricing': accounts whose monthly charges are not known; 'arrival': all, since they
--            came here; else all, since they were created
-- p_after    only ids after this one; '' from the start
-- p_limit    at most this many rows
-- Row:    id, name, since: Gregorian seconds; last_period: the newest that is done,
--         NULL: none; first_period: the oldest done for any account, NULL: never
-- The first and the last of an account are read by LIMIT 1: MIN and MAX of a subquery
-- read all, and EXISTS may be made a join that reads the whole table.
CREATE PROCEDURE due_account_list(IN p_task VARCHAR(32), IN p_period VARCHAR(8),
  IN p_since VARCHAR(8), IN p_account CHAR(32), IN p_after CHAR(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_first VARCHAR(8) DEFAULT NULL;
  SELECT MIN(period) INTO v_first FROM due_done WHERE task = p_task;
  IF p_since = 'payment' THEN
    SELECT a.id, a.name, a.created AS since, CAST(NULL AS CHAR(8)) AS last_period,
           CAST(NULL AS CHAR(8)) AS first_period
      FROM (SELECT DISTINCT p.account_id AS id FROM payment AS p FORCE INDEX (waiting)
             WHERE p.status = 'pending' AND p.account_id > p_after
               AND (p_account IS NULL OR p.account_id = p_account)
             ORDER BY p.account_id LIMIT p_limit) AS x
      STRAIGHT_JOIN account AS a ON a.id = x.id
     ORDER BY a.id;
  ELSEIF p_since = 'topup' THEN
    SELECT a.id, a.name, a.created AS since, CAST(NULL AS CHAR(8)) AS last_period,
           CAST(NULL AS CHAR(8)) AS first_period
      FROM account AS a FORCE INDEX (tops_up)
     WHERE a.tops_up = 1 AND a.id > p_after AND (p_account IS NULL OR a.id = p_account)
       AND a.deleted IS NULL
     ORDER BY a.id LIMIT p_limit;
  ELSEIF p_since = 'pricing' THEN
    SELECT a.id, a.name, a.created AS since, CAST(NULL AS CHAR(8)) AS last_period,
           CAST(NULL AS CHAR(8)) AS first_period
      FROM ledger_balance AS b FORCE INDEX (priced)
      STRAIGHT_JOIN account AS a ON a.id = b.account_id
     WHERE b.priced = 0 AND b.account_id > p_after
       AND (p_account IS NULL OR b.account_id = p_account) AND a.deleted IS NULL
     ORDER BY b.account_id LIMIT p_limit;
  ELSE
    SELECT x.id, x.name, x.since, x.last_period, v_first AS first_period
      FROM (SELECT a.id, a.name,
                   CASE p_since
                     WHEN 'ledger' THEN (SELECT l.created FROM ledger AS l FORCE INDEX (created)
                                          WHERE l.account_id = a.id ORDER BY l.created LIMIT 1)
                     WHEN 'arrival' THEN GREATEST(a.created, COALESCE(a.arrived, 0))
                     ELSE a.created END AS since,
                   (SELECT d.period FROM due_done AS d FORCE INDEX (PRIMARY)
                     WHERE d.account_id = a.id AND d.task = p_task
                     ORDER BY d.period DESC LIMIT 1) AS last_period
              FROM account AS a FORCE INDEX (PRIMARY)
             WHERE a.id > p_after AND (p_account IS NULL OR a.id = p_account)
               AND a.deleted IS NULL
            HAVING since IS NOT NULL AND (last_period IS NULL OR last_period < p_period)
             ORDER BY a.id LIMIT p_limit) AS x
     ORDER BY x.id;
  END IF;
END
