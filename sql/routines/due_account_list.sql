-- due_account_list: accounts that a task is not done for up to a period, by id.
-- p_account  only this one; NULL: all
-- p_since    'ledger': accounts with ledger entries, since the first of these;
--            'payment': accounts with pending payments, deleted ones too, because
--            the money may have moved; 'arrival': all, since they came here; else
--            all, since they were created
-- p_after    only ids after this one; '' from the start
-- p_limit    at most this many rows
-- Row:    id, name, since: Gregorian seconds; last_period: the newest that is done,
--         NULL: none; first_period: the oldest done for any account, NULL: never
CREATE PROCEDURE due_account_list(IN p_task VARCHAR(32), IN p_period VARCHAR(8),
  IN p_since VARCHAR(8), IN p_account CHAR(32), IN p_after CHAR(32), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_first VARCHAR(8) DEFAULT NULL;
  SELECT MIN(period) INTO v_first FROM due_done WHERE task = p_task;
  IF p_since = 'ledger' THEN
    SELECT a.id, a.name,
           (SELECT MIN(l.created) FROM ledger AS l WHERE l.account_id = a.id) AS since,
           (SELECT MAX(d.period) FROM due_done AS d
             WHERE d.account_id = a.id AND d.task = p_task) AS last_period,
           v_first AS first_period
      FROM account AS a
     WHERE a.id > p_after AND (p_account IS NULL OR a.id = p_account) AND a.deleted IS NULL
       AND EXISTS (SELECT 1 FROM ledger AS l WHERE l.account_id = a.id)
       AND NOT EXISTS (SELECT 1 FROM due_done AS d
                        WHERE d.account_id = a.id AND d.task = p_task AND d.period >= p_period)
     ORDER BY a.id LIMIT p_limit;
  ELSEIF p_since = 'payment' THEN
    SELECT a.id, a.name, a.created AS since, CAST(NULL AS CHAR(8)) AS last_period,
           CAST(NULL AS CHAR(8)) AS first_period
      FROM account AS a
     WHERE a.id > p_after AND (p_account IS NULL OR a.id = p_account)
       AND EXISTS (SELECT 1 FROM payment AS p WHERE p.account_id = a.id AND p.status = 'pending')
     ORDER BY a.id LIMIT p_limit;
  ELSE
    SELECT a.id, a.name,
           IF(p_since = 'arrival', GREATEST(a.created, COALESCE(a.arrived, 0)), a.created) AS since,
           (SELECT MAX(d.period) FROM due_done AS d
             WHERE d.account_id = a.id AND d.task = p_task) AS last_period,
           v_first AS first_period
      FROM account AS a
     WHERE a.id > p_after AND (p_account IS NULL OR a.id = p_account) AND a.deleted IS NULL
       AND NOT EXISTS (SELECT 1 FROM due_done AS d
                        WHERE d.account_id = a.id AND d.task = p_task AND d.period >= p_period)
     ORDER BY a.id LIMIT p_limit;
  END IF;
END
