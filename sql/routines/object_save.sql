-- object_save: creates or replaces an object of an account and what it adds to the
-- account's quantities. The caller holds the lock of service_show.
-- p_claim    a value that no other object may have; NULL: none
-- p_create   1: it must be new; 0: it must exist; NULL: either
-- p_sources  JSON [{category, item, quantity}, ...]
-- p_now      Gregorian seconds
-- Errors:    45404 id: none; 45409 id: taken; 45409 claim: taken
CREATE PROCEDURE object_save(IN p_account CHAR(32), IN p_kind VARCHAR(32), IN p_id VARCHAR(64),
  IN p_claim VARCHAR(400), IN p_document LONGTEXT, IN p_sources LONGTEXT, IN p_create TINYINT,
  IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_there TINYINT DEFAULT 0;
  DECLARE EXIT HANDLER FOR 1062
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'claim: another has it';

  SELECT 1 INTO v_there FROM object
   WHERE account_id = p_account AND kind = p_kind AND id = p_id FOR UPDATE;
  IF p_create = 1 AND v_there THEN
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'id: there is one of this id';
  ELSEIF p_create = 0 AND NOT v_there THEN
    SIGNAL SQLSTATE '45404' SET MESSAGE_TEXT = 'id: there is none of this id';
  END IF;

  IF v_there THEN
    UPDATE object SET claim = p_claim, document = p_document, modified = p_now
     WHERE account_id = p_account AND kind = p_kind AND id = p_id;
  ELSE
    INSERT INTO object (account_id, kind, id, claim, document, created, modified)
    VALUES (p_account, p_kind, p_id, p_claim, p_document, p_now, p_now);
  END IF;
  CALL source_save(p_account, CONCAT(p_kind, '/', p_id), p_sources);
END
