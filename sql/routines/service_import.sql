-- service_import: imports the services of an account, unless an import did already.
-- What was set in Reeve since the account was created is not overwritten. Own
-- quantities that no object explains are stored as imported.
-- p_plans       JSON [{plan, vendor, overrides, contract, version}, ...]: overrides and
--               contract as text, the version asked for; the last two, if any
-- p_quantities  JSON [{scope, category, item, quantity}, ...]
-- p_adds_up     what the account has is added to the cascades of its ancestors: 0 and 1,
--               of which no imported document states theirs; 2, of all. 0: the document
--               states the account's own cascade, which replaces what was added to it so
--               far by documents below
-- Row:    written: 1 or 0
-- Errors: 45404 account: unknown, or deleted; 45409 services: set in Reeve
-- Locks:  the account's service row, then its own, shared
-- Called by reevectl.
CREATE PROCEDURE service_import(
  IN p_account CHAR(32), IN p_billing CHAR(32), IN p_standing VARCHAR(32),
  IN p_reason VARCHAR(255), IN p_reason_code BIGINT, IN p_overrides LONGTEXT,
  IN p_document LONGTEXT, IN p_plans LONGTEXT, IN p_quantities LONGTEXT, IN p_adds_up TINYINT,
  IN p_modified BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_version, v_imported BIGINT DEFAULT NULL;
  DECLARE v_set TINYINT DEFAULT 0;

  SELECT version, imported,
         billing_id <> p_account OR standing <> 'good_standing' OR overrides <> '{}'
    INTO v_version, v_imported, v_set
    FROM service WHERE account_id = p_account FOR UPDATE;
  CALL import_account_check(p_account);
  IF v_imported IS NOT NULL THEN
    SELECT 0 AS written;
  ELSEIF v_set OR EXISTS (SELECT 1 FROM service_assignment WHERE account_id = p_account)
         OR EXISTS (SELECT 1 FROM service_quantity
                     WHERE account_id = p_account AND scope = 'manual') THEN
    SIGNAL SQLSTATE '45409'
      SET MESSAGE_TEXT = 'services: they were set in Reeve before they were imported';
  ELSE
    SET v_version = GREATEST(v_version + 1, 2);
    UPDATE service
       SET billing_id = p_billing, standing = p_standing, reason = p_reason,
           reason_code = p_reason_code, overrides = p_overrides,
           document = p_document, modified = p_modified, version = v_version,
           imported = v_version
     WHERE account_id = p_account;
    CALL service_assignment_import(p_account, p_plans);
    UPDATE ledger_balance SET standing = p_standing WHERE account_id = p_account;
    CALL figure_forget(p_account);
    INSERT INTO service_quantity (account_id, scope, category, item, quantity)
      SELECT c.ancestor_id, 'cascade', n.category, n.item, n.quantity
        FROM (SELECT t.category, t.item, t.quantity - COALESCE(q.quantity, 0) AS quantity
                FROM JSON_TABLE(p_quantities, '$[*]' COLUMNS (
                       scope    VARCHAR(8) COLLATE utf8mb4_bin   PATH '$.scope',
                       category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
                       item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
                       quantity BIGINT       PATH '$.quantity')) AS t
                LEFT JOIN service_quantity AS q
                  ON q.account_id = p_account AND q.scope = 'account'
                     AND q.category = t.category AND q.item = t.item
               WHERE t.scope = 'account' AND t.quantity > GREATEST(COALESCE(q.quantity, 0), 0)
             ) AS n
        JOIN account_closure AS c ON c.descendant_id = p_account AND c.depth > 0
        JOIN service AS s ON s.account_id = c.ancestor_id
       WHERE p_adds_up = 2 OR s.imported IS NULL
             OR COALESCE(JSON_CONTAINS_PATH(s.document, 'one', '$.quantities.account',
                         '$.quantities.cascade', '$.quantities.manual'), 0) = 0
    ON DUPLICATE KEY UPDATE quantity = service_quantity.quantity + n.quantity;
    IF p_adds_up = 0 THEN
      -- Accounts were counted when they were imported; below may be others that no
      -- document was imported for.
      DELETE FROM service_quantity
       WHERE account_id = p_account AND scope = 'cascade' AND category <> 'accounts';
      INSERT INTO service_quantity (account_id, scope, category, item, quantity)
        SELECT p_account, 'cascade', n.category, n.item, n.quantity
          FROM (SELECT q.category, q.item, SUM(q.quantity) AS quantity
                  FROM account_closure AS c
                  JOIN service AS s ON s.account_id = c.descendant_id AND s.imported IS NULL
                  JOIN service_quantity AS q
                    ON q.account_id = s.account_id AND q.scope = 'account' AND q.quantity > 0
                       AND q.category <> 'accounts'
                 WHERE c.ancestor_id = p_account AND c.depth > 0
                 GROUP BY q.category, q.item) AS n;
    END IF;
    INSERT INTO service_quantity (account_id, scope, category, item, quantity)
      SELECT p_account, t.scope, t.category, t.item, t.quantity
        FROM JSON_TABLE(p_quantities, '$[*]' COLUMNS (
               scope    VARCHAR(8) COLLATE utf8mb4_bin   PATH '$.scope',
               category VARCHAR(128) COLLATE utf8mb4_bin PATH '$.category',
               item     VARCHAR(128) COLLATE utf8mb4_bin PATH '$.item',
               quantity BIGINT       PATH '$.quantity')) AS t
    ON DUPLICATE KEY UPDATE quantity = GREATEST(service_quantity.quantity, t.quantity);
    INSERT INTO service_source (account_id, source, category, item, quantity)
      SELECT q.account_id, 'import', q.category, q.item, q.quantity - COALESCE(SUM(s.quantity), 0)
        FROM service_quantity AS q
        LEFT JOIN service_source AS s
          ON s.account_id = q.account_id AND s.category = q.category AND s.item = q.item
       WHERE q.account_id = p_account AND q.scope = 'account'
       GROUP BY q.account_id, q.category, q.item, q.quantity
      HAVING q.quantity - COALESCE(SUM(s.quantity), 0) <> 0;
    SELECT 1 AS written;
  END IF;
END
