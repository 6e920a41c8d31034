-- service_show: the services of an account, and the account.
-- p_lock  0: none; 1: its row; 2: its row and those of its ancestors
-- Row:    none: no such account; has_webhooks: 1 if the account or an ancestor has
--         some; 0 without a lock
-- Locks:  service rows, from the master account down: the one order everywhere
CREATE PROCEDURE service_show(IN p_account CHAR(32), IN p_lock TINYINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_depth INT DEFAULT 0;
  DECLARE v_locked CHAR(32);

  IF p_lock = 2 THEN
    -- A move of the account takes this lock, too: from here on the path stays.
    SELECT s.account_id INTO v_locked
      FROM service AS s
     WHERE s.account_id = (SELECT id FROM account WHERE master = 1)
       FOR UPDATE;
    SELECT MAX(depth) INTO v_depth FROM account_closure WHERE descendant_id = p_account;
  END IF;
  WHILE p_lock > 0 AND v_depth >= 0 DO
    SELECT s.account_id INTO v_locked
      FROM service AS s
     WHERE s.account_id = (SELECT ancestor_id FROM account_closure
                            WHERE descendant_id = p_account AND depth = v_depth)
       FOR UPDATE;
    SET v_depth = v_depth - 1;
  END WHILE;

  SELECT s.billing_id, s.standing, s.reason, s.reason_code, s.overrides, s.document, s.version,
         a.name, a.reseller_id, a.is_reseller, COALESCE(a.master, 0) AS is_master, a.enabled,
         IF(p_lock > 0, EXISTS (SELECT 1
                                  FROM account_closure AS c
                                  STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
                                             ON o.account_id = c.ancestor_id
                                            AND o.kind = 'webhooks'
                                 WHERE c.descendant_id = p_account), 0) AS has_webhooks
    FROM service AS s JOIN account AS a ON a.id = s.account_id
   WHERE s.account_id = p_account AND a.deleted IS NULL;
END
