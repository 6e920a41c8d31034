-- account_descendants: the descendants of an account, by id, each with its
-- ancestors.
-- p_at, p_ascending  as account_children
-- Row:               as account_children
-- The closure is read first, in the order of its index: a server that began with
-- the accounts would read every descendant for a page of them.
CREATE PROCEDURE account_descendants(IN p_top CHAR(32), IN p_at CHAR(32), IN p_ascending TINYINT,
  IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SET SESSION group_concat_max_len = 1000000;
  IF p_ascending THEN
    SELECT a.id, a.name, a.realm, a.descendants, a.created, a.modified,
           (SELECT GROUP_CONCAT(c.ancestor_id ORDER BY c.depth DESC) FROM account_closure AS c
             WHERE c.descendant_id = a.id AND c.depth > 0) AS tree
      FROM account_closure AS t STRAIGHT_JOIN account AS a ON a.id = t.descendant_id
     WHERE t.ancestor_id = p_top AND t.depth > 0 AND t.descendant_id >= p_at AND a.deleted IS NULL
     ORDER BY t.descendant_id LIMIT p_limit;
  ELSE
    SELECT a.id, a.name, a.realm, a.descendants, a.created, a.modified,
           (SELECT GROUP_CONCAT(c.ancestor_id ORDER BY c.depth DESC) FROM account_closure AS c
             WHERE c.descendant_id = a.id AND c.depth > 0) AS tree
      FROM account_closure AS t STRAIGHT_JOIN account AS a ON a.id = t.descendant_id
     WHERE t.ancestor_id = p_top AND t.depth > 0 AND (p_at = '' OR t.descendant_id <= p_at)
       AND a.deleted IS NULL
     ORDER BY t.descendant_id DESC LIMIT p_limit;
  END IF;
END
