-- payment_turn: gives a caller the turn to ask the bookkeeper for a pending payment,
-- until payment_settle or p_until. A turn that has run out belongs to a caller that
-- died.
-- p_waited  1: for another caller, whose answer is good enough
-- p_now, p_until  Gregorian seconds
-- Row:   turn: 'taken', 'busy': another caller is asking, or 'over': it was asked
--        while this caller waited, or is not pending; asked: how often the
--        bookkeeper may have been asked before
-- Locks: the payment
CREATE PROCEDURE payment_turn(IN p_account CHAR(32), IN p_id VARCHAR(64), IN p_waited TINYINT,
  IN p_now BIGINT, IN p_until BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_asked INT DEFAULT 0;
  DECLARE v_until BIGINT DEFAULT NULL;
  DECLARE v_turn VARCHAR(8);

  SELECT asked, asked_until INTO v_asked, v_until FROM payment
   WHERE account_id = p_account AND id = p_id AND status = 'pending' FOR UPDATE;
  SET v_turn = CASE WHEN v_until IS NULL OR (p_waited AND v_until = 0) THEN 'over'
                    WHEN v_until > p_now THEN 'busy'
                    ELSE 'taken' END;
  IF v_turn = 'taken' THEN
    UPDATE payment SET asked = v_asked + 1, asked_until = p_until
     WHERE account_id = p_account AND id = p_id;
  END IF;
  SELECT v_turn AS turn, v_asked AS asked;
END
