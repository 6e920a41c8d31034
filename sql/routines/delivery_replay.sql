-- delivery_replay: makes a message that was given up wait again, as outbox_replay does.
-- p_owner     its receiver is of this account or a descendant; of the master account:
--             any
-- p_delivery  32 hex digits
-- p_now       Gregorian seconds
-- Errors:     45404 id: unknown, or of another's receiver; 45409 id: it was not given up
-- Locks:      those of outbox_replay
CREATE PROCEDURE delivery_replay(IN p_owner CHAR(32), IN p_delivery VARCHAR(32), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_id BIGINT DEFAULT NULL;

  SELECT o.id INTO v_id FROM outbox AS o
   WHERE o.delivery_id = p_delivery
     AND (EXISTS (SELECT 1 FROM account WHERE id = p_owner AND master = 1)
          OR EXISTS (SELECT 1 FROM account_closure AS c
                      WHERE c.ancestor_id = p_owner
                        AND c.descendant_id = SUBSTRING_INDEX(SUBSTRING_INDEX(o.target, '/', 2),
                                                              '/', -1)));
  IF v_id IS NULL THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'id: no such message';
  END IF;
  CALL outbox_replay(v_id, p_now);
END
