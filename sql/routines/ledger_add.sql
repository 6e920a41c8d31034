-- ledger_add: writes ledger entries with their day rows and balances, unless they
-- are there already. No two of the entries have the same account and dedupe.
-- p_top      only accounts at or below this one; '' any
-- p_entries  JSON [[account, id, type, service, source id, amount, usage type,
--            usage quantity, usage unit, period start, period end, created,
--            for id, for name, dedupe in hex, where its document starts (from 1),
--            the bytes of it], ...]
-- p_documents the documents, one after another, UTF-8: escaped inside the
--            entries, they took longer to read than all else
-- p_recorded Gregorian seconds
-- Rows:      in the order of the entries: state ('written', 'known': there is one of
--            this account and dedupe, 'foreign': no such account), the id of what is
--            there
-- Errors:    45400 amount: too much for a balance
-- Locks:     audit_head of the accounts, by id
CREATE PROCEDURE ledger_add(IN p_top CHAR(32), IN p_entries LONGTEXT, IN p_documents LONGBLOB,
                            IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_locked BIGINT;

  DROP TEMPORARY TABLE IF EXISTS new_entry;
  CREATE TEMPORARY TABLE new_entry (
    n INT NOT NULL, account_id CHAR(32) NOT NULL, id VARCHAR(64) NOT NULL, type VARCHAR(6) NOT NULL,
    service VARCHAR(128) NOT NULL, source_id VARCHAR(255) NULL, amount DECIMAL(20,6) NOT NULL,
    usage_type VARCHAR(64) NULL, usage_quantity BIGINT NULL, usage_unit VARCHAR(32) NULL,
    period_start BIGINT NULL, period_end BIGINT NULL, created BIGINT NOT NULL, for_id VARCHAR(64) NULL,
    for_name VARCHAR(255) NULL, dedupe BINARY(16) NOT NULL, document LONGTEXT NOT NULL,
    state VARCHAR(8) NULL, PRIMARY KEY (n)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
  INSERT INTO new_entry (n, account_id, id, type, service, source_id, amount, usage_type, usage_quantity,
                         usage_unit, period_start, period_end, created, for_id, for_name, dedupe, document)
    SELECT t.n, t.account_id, t.id, t.type, t.service, t.source_id, t.amount, t.usage_type, t.usage_quantity,
           t.usage_unit, t.period_start, t.period_end, t.created, t.for_id, t.for_name, UNHEX(t.dedupe),
           CONVERT(SUBSTRING(p_documents, t.document_start, t.document_bytes) USING utf8mb4)
      FROM JSON_TABLE(p_entries, '$[*]' COLUMNS (
             n              FOR ORDINALITY,
             account_id     VARCHAR(32) COLLATE utf8mb4_bin   PATH '$[0]',
             id             VARCHAR(64) COLLATE utf8mb4_bin   PATH '$[1]',
             type           VARCHAR(6) COLLATE utf8mb4_bin    PATH '$[2]',
             service        VARCHAR(128) COLLATE utf8mb4_bin  PATH '$[3]',
             source_id      VARCHAR(255) COLLATE utf8mb4_bin  PATH '$[4]',
             amount         DECIMAL(20,6) PATH '$[5]',
             usage_type     VARCHAR(64) COLLATE utf8mb4_bin   PATH '$[6]',
             usage_quantity BIGINT        PATH '$[7]',
             usage_unit     VARCHAR(32) COLLATE utf8mb4_bin   PATH '$[8]',
             period_start   BIGINT        PATH '$[9]',
             period_end     BIGINT        PATH '$[10]',
             created        BIGINT        PATH '$[11]',
             for_id         VARCHAR(64) COLLATE utf8mb4_bin   PATH '$[12]',
             for_name       VARCHAR(255) COLLATE utf8mb4_bin  PATH '$[13]',
             dedupe         VARCHAR(32) COLLATE utf8mb4_bin   PATH '$[14]',
             document_start BIGINT        PATH '$[15]',
             document_bytes BIGINT        PATH '$[16]')) AS t;

  SELECT SUM(h.sequence) INTO v_locked
    FROM (SELECT DISTINCT account_id FROM new_entry ORDER BY account_id) AS x
    STRAIGHT_JOIN audit_head AS h ON h.account_id = x.account_id
     FOR UPDATE;

  UPDATE new_entry AS n
    LEFT JOIN account AS a ON a.id = n.account_id AND a.deleted IS NULL
    LEFT JOIN account_closure AS c ON c.ancestor_id = p_top AND c.descendant_id = n.account_id
    LEFT JOIN ledger AS l ON l.account_id = n.account_id AND l.dedupe = n.dedupe
     SET n.state = IF(a.id IS NULL OR (p_top <> '' AND c.depth IS NULL), 'foreign',
                      IF(l.id IS NULL, 'written', 'known')),
         n.id = COALESCE(l.id, n.id);

  INSERT INTO ledger (account_id, id, type, service, source_id, amount, usage_type, usage_quantity, usage_unit,
                      period_start, period_end, created, recorded, document, dedupe, for_id, for_name, available)
    SELECT n.account_id, n.id, n.type, n.service, n.source_id, n.amount, n.usage_type, n.usage_quantity,
           n.usage_unit, n.period_start, n.period_end, n.created, p_recorded, n.document, n.dedupe, n.for_id,
           n.for_name, COALESCE(b.amount, 0) + COALESCE(SUM(IF(n.type = 'credit', n.amount, -n.amount)) OVER (
             PARTITION BY n.account_id ORDER BY n.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
      FROM new_entry AS n LEFT JOIN ledger_balance AS b ON b.account_id = n.account_id
     WHERE n.state = 'written';

  INSERT INTO ledger_balance (account_id, amount)
    SELECT account_id, SUM(IF(type = 'credit', amount, -amount)) FROM new_entry
     WHERE state = 'written' GROUP BY account_id
  ON DUPLICATE KEY UPDATE amount = ledger_balance.amount + VALUES(amount);
  CALL ledger_balance_check((SELECT MAX(ABS(b.amount))
                               FROM (SELECT DISTINCT account_id FROM new_entry WHERE state = 'written') AS n
                               JOIN ledger_balance AS b ON b.account_id = n.account_id));

  -- The unit of a day is the greatest of moment and unit in one text. A day does
  -- not know the moment of its own: when another one comes late, its ledgers do.
  INSERT INTO audit_day (account_id, family, day, service, addition, removal, quantity, last_timestamp, unit)
    SELECT n.account_id, 'usage', n.day, n.service, 0, 0, n.quantity, n.last_timestamp,
           CASE WHEN n.unit IS NULL THEN d.unit
                WHEN d.unit IS NULL OR d.unit = n.unit OR n.unit_timestamp > d.last_timestamp THEN n.unit
                ELSE (SELECT SUBSTRING(MAX(CONCAT(LPAD(l.created, 20, '0'), l.usage_unit)), 21)
                        FROM ledger AS l
                       WHERE l.account_id = n.account_id AND l.service = n.service
                         AND l.created BETWEEN n.unit_timestamp AND d.last_timestamp
                         AND l.usage_quantity IS NOT NULL AND l.usage_unit <> '') END
      FROM (SELECT account_id, FROM_DAYS(created DIV 86400) AS day, service, SUM(usage_quantity) AS quantity,
                   MAX(created) AS last_timestamp, MAX(IF(usage_unit <> '', created, NULL)) AS unit_timestamp,
                   SUBSTRING(MAX(CONCAT(LPAD(created, 20, '0'), NULLIF(usage_unit, ''))), 21) AS unit
              FROM new_entry WHERE state = 'written' AND usage_quantity IS NOT NULL
             GROUP BY account_id, FROM_DAYS(created DIV 86400), service) AS n
      LEFT JOIN audit_day AS d ON d.account_id = n.account_id AND d.family = 'usage' AND d.day = n.day
                              AND d.service = n.service
  ON DUPLICATE KEY UPDATE
    quantity = audit_day.quantity + VALUES(quantity), unit = VALUES(unit),
    last_timestamp = GREATEST(audit_day.last_timestamp, VALUES(last_timestamp));

  -- What comes late changes what later months begin with.
  IF EXISTS (SELECT 1
               FROM (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
                      WHERE state = 'written' GROUP BY account_id) AS n
               JOIN ledger AS o ON o.account_id = n.account_id AND o.service = 'rollovers' AND o.counted = 0
                               AND o.id > CONCAT(n.month, '~')) THEN
    UPDATE ledger AS r
      JOIN (SELECT o.account_id, o.id,
                   IF(o.type = 'credit', o.amount, -o.amount) + SUM(IF(n.type = 'credit', n.amount, -n.amount)) AS amount
              FROM new_entry AS n
              JOIN ledger AS o ON o.account_id = n.account_id AND o.service = 'rollovers' AND o.counted = 0
                              AND o.id > CONCAT(LEFT(n.id, 6), '~')
             WHERE n.state = 'written'
             GROUP BY o.account_id, o.id, o.type, o.amount) AS late
        ON late.account_id = r.account_id AND late.id = r.id
       SET r.amount = ABS(late.amount), r.type = IF(late.amount < 0, 'debit', 'credit');
    -- Where the month after it has no rollover, there was nothing to carry over:
    -- the account's months are open again, and only those without one get it.
    DELETE d
      FROM due_done AS d
      JOIN (SELECT account_id, LEFT(MIN(id), 6) AS month FROM new_entry
             WHERE state = 'written' GROUP BY account_id) AS n ON n.account_id = d.account_id
      LEFT JOIN ledger AS o ON o.account_id = n.account_id
                           AND o.id = CONCAT(PERIOD_ADD(n.month, 1), '-ledgers_monthly_rollover')
     WHERE d.task = 'rollover' AND o.id IS NULL;
  END IF;

  SELECT state, id FROM new_entry ORDER BY n;
  DROP TEMPORARY TABLE new_entry;
END
