-- account_move: moves an account and its descendants below another. An account
-- whose nearest reseller was above the moved one gets another reseller; an account
-- whose payer was above it pays for itself; plans of former sellers are pinned.
-- The caller holds the locks of
-- service_show on both paths and corrects the quantities.
-- The closure is read first, then accounts by id: a server that reads a small table whole
-- would lock each account.
-- Errors:  45404 account, to: unknown; 45409 to: the account itself, or below it
CREATE PROCEDURE account_move(IN p_id CHAR(32), IN p_to CHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_reseller, v_parent CHAR(32) DEFAULT NULL;
  DECLARE v_moved BIGINT DEFAULT NULL;

  SELECT parent_id, descendants + 1 INTO v_parent, v_moved
    FROM account WHERE id = p_id AND deleted IS NULL FOR UPDATE;
  IF v_parent IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'account: no such account';
  END IF;
  SELECT IF(is_reseller, id, reseller_id) INTO v_reseller
    FROM account WHERE id = p_to AND deleted IS NULL FOR UPDATE;
  IF v_reseller IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'to: no such account';
  END IF;
  IF EXISTS (SELECT 1 FROM account_closure WHERE ancestor_id = p_id AND descendant_id = p_to) THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'to: it is the account itself, or below it';
  END IF;

  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.ancestor_id = a.id
     SET a.descendants = a.descendants - v_moved
   WHERE c.descendant_id = p_id AND c.depth > 0;
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.descendant_id = a.id
     SET a.reseller_id = v_reseller
   WHERE c.ancestor_id = p_id
     AND NOT EXISTS (SELECT 1 FROM account_closure AS r
                      WHERE r.ancestor_id = p_id AND r.descendant_id = a.reseller_id);
  DELETE old FROM account_closure AS old
    JOIN account_closure AS below ON below.ancestor_id = p_id
                                 AND below.descendant_id = old.descendant_id
    JOIN account_closure AS above ON above.descendant_id = p_id
                                 AND above.ancestor_id = old.ancestor_id
   WHERE above.depth > 0;
  INSERT INTO account_closure (ancestor_id, descendant_id, depth)
    SELECT above.ancestor_id, below.descendant_id, above.depth + below.depth + 1
      FROM account_closure AS above JOIN account_closure AS below
     WHERE above.descendant_id = p_to AND below.ancestor_id = p_id;
  UPDATE account_closure AS c
         STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY) ON c.ancestor_id = a.id
     SET a.descendants = a.descendants + v_moved
   WHERE c.descendant_id = p_id AND c.depth > 0;
  -- The payer of an account is one of its ancestors.
  UPDATE account_closure AS c STRAIGHT_JOIN service AS s ON c.descendant_id = s.account_id
     SET s.billing_id = s.account_id
   WHERE c.ancestor_id = p_id
     AND NOT EXISTS (SELECT 1 FROM account_closure AS pays
                      WHERE pays.ancestor_id = s.billing_id AND pays.descendant_id = s.account_id);
  CALL hold_follow(p_id);
  UPDATE account SET parent_id = p_to, modified = p_now WHERE id = p_id;
  CALL service_assignment_pin(p_id);
  CALL figure_follow(p_id);
END
