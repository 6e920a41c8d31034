-- source_explain: records what a source adds to an account's own quantities, as
-- found during an import. The part that explains imported totals is not counted
-- twice; the rest is added to them and to those of the ancestors. An earlier call
-- may have recorded less.
-- p_sources  JSON [{category, item, quantity}, ...]
-- Called by reevectl.
CREATE PROCEDURE source_explain(IN p_account CHAR(32), IN p_source VARCHAR(100),
  IN p_sources LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_category, v_item VARCHAR(128);
  DECLARE v_quantity, v_before, v_known BIGINT;

  WHILE p_sources <> '[]' DO
    SET v_category = JSON_VALUE(p_sources, '$[0].category'),
        v_item = JSON_VALUE(p_sources, '$[0].item'),
        v_quantity = JSON_VALUE(p_sources, '$[0].quantity'),
        p_sources = JSON_REMOVE(p_sources, '$[0]'),
        v_known = 0, v_before = 0;
    SELECT quantity INTO v_before FROM service_source
     WHERE account_id = p_account AND source = p_source AND category = v_category AND item = v_item;
    INSERT INTO service_source (account_id, source, category, item, quantity)
    VALUES (p_account, p_source, v_category, v_item, v_quantity)
    ON DUPLICATE KEY UPDATE quantity = v_quantity;
    SET v_quantity = v_quantity - v_before;
    SELECT quantity INTO v_known FROM service_source
     WHERE account_id = p_account AND source = 'import' AND category = v_category AND item = v_item;
    IF v_known > v_quantity AND v_quantity > 0 THEN
      UPDATE service_source SET quantity = quantity - v_quantity
       WHERE account_id = p_account AND source = 'import' AND category = v_category
         AND item = v_item;
    ELSEIF v_quantity > 0 THEN
      DELETE FROM service_source
       WHERE account_id = p_account AND source = 'import' AND category = v_category
         AND item = v_item;
    END IF;
    IF v_quantity > 0 AND v_quantity > v_known THEN
      INSERT INTO service_quantity (account_id, scope, category, item, quantity)
      VALUES (p_account, 'account', v_category, v_item, v_quantity - v_known)
      ON DUPLICATE KEY UPDATE quantity = quantity + v_quantity - v_known;
      INSERT INTO service_quantity (account_id, scope, category, item, quantity)
        SELECT c.ancestor_id, 'cascade', v_category, v_item, v_quantity - v_known
          FROM account_closure AS c
         WHERE c.descendant_id = p_account AND c.depth > 0
      ON DUPLICATE KEY UPDATE quantity = service_quantity.quantity + v_quantity - v_known;
    END IF;
  END WHILE;
  CALL figure_forget(p_account);
END
