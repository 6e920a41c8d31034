-- ledger_entry_list: a page of an account's entries of all services, by (created, id),
-- each with the balance after it: the sum of the counted entries up to it in this
-- order (rules/ledgers 15). It is that of the whole ledger, whatever is asked for.
-- p_service     only entries of it; '' any
-- p_type        only 'credit' or 'debit'; '' both
-- p_from, p_to  Gregorian seconds, both included
-- p_at_created, p_at_id  the first entry of the page; p_at_id '' from the beginning
-- p_ascending   1: oldest first; 0: newest first
-- The balances are the present one, less the days after that of an entry, by the sums
-- of days, less what is newer of its day. Between two entries of the page that are of
-- one day, what lies between is subtracted, so each entry is read once. The caller
-- reads in a snapshot, as several statements do this.
CREATE PROCEDURE ledger_entry_list(IN p_account CHAR(32), IN p_service VARCHAR(128),
  IN p_type VARCHAR(6), IN p_from BIGINT, IN p_to BIGINT,
  IN p_at_created BIGINT, IN p_at_id VARCHAR(64), IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_from BIGINT DEFAULT
    IF(p_ascending AND p_at_id <> '', GREATEST(p_from, p_at_created), p_from);
  DECLARE v_to BIGINT DEFAULT
    IF(NOT p_ascending AND p_at_id <> '', LEAST(p_to, p_at_created), p_to);
  DECLARE v_page, v_balances LONGTEXT DEFAULT '';
  DECLARE v_done TINYINT DEFAULT 0;
  DECLARE v_created, v_last_created BIGINT;
  DECLARE v_id, v_last_id VARCHAR(64);
  DECLARE v_day DATE;
  DECLARE v_last_day DATE DEFAULT '9999-12-31';
  -- The balance at the end of v_last_day, and after the last entry.
  DECLARE v_end, v_after, v_sum DECIMAL(30,6) DEFAULT 0;
  DECLARE entries CURSOR FOR
    SELECT t.created, t.id
      FROM JSON_TABLE(v_page, '$[*]' COLUMNS (
             created BIGINT                          PATH '$.at',
             id      VARCHAR(64) COLLATE utf8mb4_bin PATH '$.id')) AS t
     ORDER BY t.created DESC, t.id DESC;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET v_done = 1;

  SET SESSION group_concat_max_len = 16000000; -- of JSON_ARRAYAGG, too, on MariaDB
  IF p_service <> '' AND p_ascending THEN
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (service)
             WHERE account_id = p_account AND service = p_service
               AND (p_type = '' OR type = p_type)
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created > p_at_created OR id >= p_at_id)
             ORDER BY created, id LIMIT p_limit) AS x;
  ELSEIF p_service <> '' THEN
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (service)
             WHERE account_id = p_account AND service = p_service
               AND (p_type = '' OR type = p_type)
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created < p_at_created OR id <= p_at_id)
             ORDER BY created DESC, id DESC LIMIT p_limit) AS x;
  ELSEIF p_type <> '' AND p_ascending THEN
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (type)
             WHERE account_id = p_account AND type = p_type
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created > p_at_created OR id >= p_at_id)
             ORDER BY created, id LIMIT p_limit) AS x;
  ELSEIF p_type <> '' THEN
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (type)
             WHERE account_id = p_account AND type = p_type
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created < p_at_created OR id <= p_at_id)
             ORDER BY created DESC, id DESC LIMIT p_limit) AS x;
  ELSEIF p_ascending THEN
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (created)
             WHERE account_id = p_account
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created > p_at_created OR id >= p_at_id)
             ORDER BY created, id LIMIT p_limit) AS x;
  ELSE
    SELECT JSON_ARRAYAGG(JSON_OBJECT('at', x.created, 'id', x.id)) INTO v_page
      FROM (SELECT created, id FROM ledger FORCE INDEX (created)
             WHERE account_id = p_account
               AND created BETWEEN v_from AND v_to
               AND (p_at_id = '' OR created < p_at_created OR id <= p_at_id)
             ORDER BY created DESC, id DESC LIMIT p_limit) AS x;
  END IF;

  SELECT amount INTO v_end FROM ledger_balance WHERE account_id = p_account;
  SET v_done = 0;
  SET v_page = COALESCE(v_page, '[]');
  OPEN entries;
  walk: LOOP
    FETCH entries INTO v_created, v_id;
    IF v_done THEN
      LEAVE walk;
    END IF;
    SET v_day = FROM_DAYS(v_created DIV 86400);
    IF v_last_created IS NULL OR v_day < v_last_day THEN
      SELECT COALESCE(SUM(amount), 0) INTO v_sum FROM ledger_day FORCE INDEX (PRIMARY)
       WHERE account_id = p_account AND day > v_day AND day <= v_last_day;
      SET v_end = v_end - v_sum;
      -- The sums of days have rollovers that are not counted.
      IF EXISTS (SELECT 1 FROM ledger_day FORCE INDEX (service)
                  WHERE account_id = p_account AND service = 'rollovers'
                    AND day > v_day AND day <= v_last_day) THEN
        SELECT COALESCE(SUM(IF(l.type = 'credit', l.amount, -l.amount)), 0) INTO v_sum
          FROM ledger_rollover AS r
          STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY)
                     ON l.account_id = r.account_id AND l.id = r.id
         WHERE r.account_id = p_account AND l.counted = 0
           AND l.created >= (TO_DAYS(v_day) + 1) * 86400
           AND l.created < (TO_DAYS(v_last_day) + 1) * 86400;
        SET v_end = v_end + v_sum;
      END IF;
      SET v_last_day = v_day, v_after = v_end, v_last_created = (TO_DAYS(v_day) + 1) * 86400,
          v_last_id = '';
    END IF;
    IF v_created = v_last_created THEN
      SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) INTO v_sum
        FROM ledger FORCE INDEX (created)
       WHERE account_id = p_account AND created = v_created AND id > v_id AND id <= v_last_id
         AND counted = 1;
    ELSE
      SELECT COALESCE(SUM(IF(type = 'credit', amount, -amount)), 0) INTO v_sum
        FROM ledger FORCE INDEX (created)
       WHERE account_id = p_account AND counted = 1
         AND (created = v_created AND id > v_id
              OR created > v_created AND created < v_last_created
              OR created = v_last_created AND id <= v_last_id);
    END IF;
    SET v_after = v_after - v_sum, v_last_created = v_created, v_last_id = v_id;
    SET v_balances = CONCAT(v_balances, IF(v_balances = '', '', ','),
                            '{"id":', JSON_QUOTE(v_id), ',"balance":"', v_after, '"}');
  END LOOP;
  CLOSE entries;

  SELECT l.id, CAST(l.type AS CHAR) AS type, l.amount, CAST(l.counted AS SIGNED) AS counted,
         t.balance, l.created, l.document, l.service
    FROM JSON_TABLE(CONCAT('[', v_balances, ']'), '$[*]' COLUMNS (
           n       FOR ORDINALITY,
           id      VARCHAR(64) COLLATE utf8mb4_bin PATH '$.id',
           balance DECIMAL(20,6)                   PATH '$.balance')) AS t
    STRAIGHT_JOIN ledger AS l FORCE INDEX (PRIMARY) ON l.account_id = p_account AND l.id = t.id
   ORDER BY IF(p_ascending, -CAST(t.n AS SIGNED), CAST(t.n AS SIGNED));
END
