-- account_children: the children of an account, by id, each with its ancestors.
-- p_at         the first id of the page; '' from the beginning
-- p_ascending  1: by ascending id; 0: descending
-- Row:         tree: ids of the ancestors with commas, the master account first
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
