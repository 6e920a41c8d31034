-- account_children: the accounts right below one, by id, with those above each.
-- p_at         the first to show, '' from the beginning
-- p_ascending  by id; else the other way
-- Row:         tree: the ids above it, the master account's first, with commas
CREATE PROCEDURE account_children(IN p_parent CHAR(32), IN p_at CHAR(32), IN p_ascending TINYINT,
  IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  SET SESSION group_concat_max_len = 1000000;
  IF p_ascending THEN
    SELECT a.id, a.name, a.realm, a.descendants, a.created, a.modified,
           (SELECT GROUP_CONCAT(c.ancestor_id ORDER BY c.depth DESC) FROM account_closure AS c
             WHERE c.descendant_id = a.id AND c.depth > 0) AS tree
      FROM account AS a FORCE INDEX (parent)
     WHERE a.parent_id = p_parent AND a.id >= p_at AND a.deleted IS NULL
     ORDER BY a.id LIMIT p_limit;
  ELSE
    SELECT a.id, a.name, a.realm, a.descendants, a.created, a.modified,
           (SELECT GROUP_CONCAT(c.ancestor_id ORDER BY c.depth DESC) FROM account_closure AS c
             WHERE c.descendant_id = a.id AND c.depth > 0) AS tree
      FROM account AS a FORCE INDEX (parent)
     WHERE a.parent_id = p_parent AND (p_at = '' OR a.id <= p_at) AND a.deleted IS NULL
     ORDER BY a.id DESC LIMIT p_limit;
  END IF;
END
