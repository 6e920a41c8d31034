-- ledger_add: writes ledger entries with their day rows and balances, except known
-- ones. No two entries of a call have the same account and dedupe.
-- p_top      only accounts at or below this one; '' any
-- p_entries  JSON [{account, id, type, service, source, amount, kind, used, unit, from,
--            to, at, for, name, dedupe, start, bytes}, ...]; a NULL member is left out.
--            kind, used and unit are the usage's; from, to the period's; at: created;
--            for, name: the account it arose for; dedupe is in hex; start, bytes: where in
--            p_documents its document begins (from 1), and its length. The names
--            are short because a thousand entries spell each of them
-- p_documents the documents, one after another, UTF-8: escaped inside the
--            entries, they took longer to read than everything else
-- p_recorded Gregorian seconds
-- Rows:      in the order of the entries: state ('written', 'known': the account has
--            an entry of this dedupe, 'foreign': no such account), the id of the
--            stored entry; of known ones its type, amount, and its document unless
--            that is longer than 4 KiB
-- Errors:    45400 amount: too much for a balance
-- Locks:     audit_head of the accounts, by id
CREATE PROCEDURE ledger_add(IN p_top CHAR(32), IN p_entries LONGTEXT, IN p_documents LONGBLOB,
                            IN p_recorded BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_locked BIGINT;

  CALL ledger_entry_begin();
  INSERT INTO new_entry (n, account_id, id, type, service, source_id, amount, usage_type,
                         usage_quantity, usage_unit, period_start, period_end, created, for_id,
                         for_name, dedupe, document_start, document_bytes)
    SELECT t.n, t.account_id, t.id, t.type, t.service, t.source_id, t.amount, t.usage_type,
           t.usage_quantity, t.usage_unit, t.period_start, t.period_end, t.created, t.for_id,
           t.for_name, UNHEX(t.dedupe), t.document_start, t.document_bytes
      FROM JSON_TABLE(p_entries, '$[*]' COLUMNS (
             n              FOR ORDINALITY,
             account_id     VARCHAR(32)  COLLATE utf8mb4_bin PATH '$.account',
             id             VARCHAR(64)  COLLATE utf8mb4_bin PATH '$.id',
             type           VARCHAR(6)   COLLATE utf8mb4_bin PATH '$.type',
             service        VARCHAR(128) COLLATE utf8mb4_bin PATH '$.service',
             source_id      VARCHAR(255) COLLATE utf8mb4_bin PATH '$.source',
             amount         DECIMAL(20,6)                    PATH '$.amount',
             usage_type     VARCHAR(64)  COLLATE utf8mb4_bin PATH '$.kind',
             usage_quantity BIGINT                           PATH '$.used',
             usage_unit     VARCHAR(32)  COLLATE utf8mb4_bin PATH '$.unit',
             period_start   BIGINT                           PATH '$.from',
             period_end     BIGINT                           PATH '$.to',
             created        BIGINT                           PATH '$.at',
             for_id         VARCHAR(64)  COLLATE utf8mb4_bin PATH '$.for',
             for_name       VARCHAR(255) COLLATE utf8mb4_bin PATH '$.name',
             dedupe         VARCHAR(32)  COLLATE utf8mb4_bin PATH '$.dedupe',
             document_start BIGINT                           PATH '$.start',
             document_bytes BIGINT                           PATH '$.bytes')) AS t;

  SELECT SUM(h.sequence) INTO v_locked
    FROM (SELECT DISTINCT account_id FROM new_entry ORDER BY account_id) AS x
    STRAIGHT_JOIN audit_head AS h ON h.account_id = x.account_id
     FOR UPDATE;

  UPDATE new_entry AS n
    LEFT JOIN account AS a ON a.id = n.account_id AND a.deleted IS NULL
    LEFT JOIN account_closure AS c ON c.ancestor_id = p_top AND c.descendant_id = n.account_id
    LEFT JOIN ledger AS l ON l.account_id = n.account_id AND l.dedupe = n.dedupe
    LEFT JOIN ledger_balance AS b ON b.account_id = n.account_id
     SET n.state = IF(a.id IS NULL OR (p_top <> '' AND c.depth IS NULL), 'foreign',
                      IF(l.id IS NULL, 'written', 'known')),
         n.id = COALESCE(l.id, n.id),
         n.available = COALESCE(b.amount, 0);

  CALL ledger_entry_write(p_documents, p_recorded);
  CALL ledger_rollover_correct(1);
  SELECT n.state, n.id, l.type, l.amount,
         IF(LENGTH(l.document) <= 4096, l.document, NULL) AS document
    FROM new_entry AS n
    LEFT JOIN ledger AS l ON l.account_id = n.account_id
                         AND l.id = IF(n.state = 'known', n.id, NULL)
   ORDER BY n.n;
  DROP TEMPORARY TABLE new_entry;
END
