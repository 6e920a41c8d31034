-- account_create: creates an account below p_parent, or the master account.
-- p_parent    NULL: the master account; there is only one
-- p_realm     NULL: none
-- p_expires   Gregorian seconds, NULL: never
-- p_created, p_modified  Gregorian seconds; an imported account may be old
-- p_arrived   when this database got the account, Gregorian seconds
-- Row:        its reseller
-- Errors:     45404 parent: unknown; 45409 id, realm: taken; 45409 parent: there is a master
-- Locks:      the ancestors, then the new rows
-- The closure is read first, then accounts by id: a server that reads a small table whole
-- would lock each account.
CREATE PROCEDURE account_create(
  IN p_id CHAR(32), IN p_parent CHAR(32), IN p_name VARCHAR(128), IN p_name_key VARCHAR(128),
  IN p_realm VARCHAR(253), IN p_is_reseller TINYINT, IN p_enabled TINYINT, IN p_expires BIGINT,
  IN p_language VARCHAR(16), IN p_document LONGTEXT, IN p_created BIGINT, IN p_modified BIGINT,
  IN p_arrived BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_reseller CHAR(32) DEFAULT NULL;

  IF EXISTS (SELECT 1 FROM account WHERE id = p_id AND deleted IS NOT NULL) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: the account with this id was deleted';
  END IF;
  IF EXISTS (SELECT 1 FROM account WHERE id = p_id) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: an account with this id exists';
  END IF;
  IF p_realm IS NOT NULL AND EXISTS (SELECT 1 FROM account WHERE realm = p_realm) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'realm: another account has this realm';
  END IF;
  IF p_parent IS NULL THEN
    IF EXISTS (SELECT 1 FROM account WHERE master = 1) THEN
      SIGNAL SQLSTATE '45409'
        SET MESSAGE_TEXT = 'parent: there is a master account already; name a parent';
    END IF;
    SET v_reseller = p_id;
  ELSE
    SELECT IF(is_reseller OR master = 1, id, reseller_id) INTO v_reseller
      FROM account WHERE id = p_parent AND deleted IS NULL LOCK IN SHARE MODE;
    IF v_reseller IS NULL THEN
      SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'parent: no such account';
    END IF;
  END IF;

  INSERT INTO account (id, parent_id, master, reseller_id, is_reseller, enabled, expires, name,
                       name_key, realm, language, document, created, modified, arrived, tops_up)
  VALUES (p_id, p_parent, IF(p_parent IS NULL, 1, NULL), v_reseller,
          IF(p_parent IS NULL, 1, p_is_reseller), p_enabled, p_expires, p_name,
          p_name_key, p_realm, p_language, p_document, p_created, p_modified,
          p_arrived, IF(p_document LIKE '%"topup":{%', 1, NULL));
  INSERT INTO account_closure (ancestor_id, descendant_id, depth) VALUES (p_id, p_id, 0);
  INSERT INTO account_closure (ancestor_id, descendant_id, depth)
    SELECT ancestor_id, p_id, depth + 1 FROM account_closure WHERE descendant_id = p_parent;
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.ancestor_id = a.id
     SET a.descendants = a.descendants + 1
   WHERE c.descendant_id = p_id AND c.depth > 0;
  INSERT INTO service (account_id, billing_id, overrides, document, modified, version)
  VALUES (p_id, p_id, '{}', '{}', p_created, 0);
  INSERT INTO audit_head (account_id, sequence, hash) VALUES (p_id, 0, REPEAT(CHAR(0), 32));
  INSERT INTO ledger_balance (account_id, amount, seller_id, name, realm, standing, is_reseller,
                              enabled, created, recurring_before)
  VALUES (p_id, 0, IF(p_parent IS NULL, NULL, v_reseller), p_name, COALESCE(p_realm, ''),
          'good_standing', IF(p_parent IS NULL, 1, p_is_reseller), p_enabled, p_created, 0);

  SELECT v_reseller AS reseller_id;
END
