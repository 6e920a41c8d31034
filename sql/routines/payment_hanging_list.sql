-- payment_hanging_list: a page of the pending payments of an account, or of it and all
-- accounts below it, by (created, id).
-- p_below       1: with those of the accounts below
-- p_from, p_to  Gregorian seconds, both included
-- p_at_created, p_at_id  the first payment of the page; p_at_id '' from the beginning
-- p_ascending   1: oldest first; 0: newest first
-- Row:          as payment_show, and the account's name
CREATE PROCEDURE payment_hanging_list(IN p_top CHAR(32), IN p_below TINYINT, IN p_from BIGINT,
  IN p_to BIGINT,
  IN p_at_created BIGINT, IN p_at_id VARCHAR(64), IN p_ascending TINYINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_ascending THEN
    SELECT p.account_id, p.id, CAST(p.type AS CHAR) AS type, CAST(p.status AS CHAR) AS status,
           p.amount, p.created, p.executor, p.credits, p.bookkeeper_id, p.bookkeeper_type,
           p.vendor_id, p.reason, p.message, p.details, p.document, x.name AS account_name
      FROM (SELECT o.account_id, o.id, a.name
              FROM payment AS o FORCE INDEX (moment)
              STRAIGHT_JOIN account_closure AS c
                         ON c.ancestor_id = p_top AND c.descendant_id = o.account_id
                        AND (p_below OR c.depth = 0)
              STRAIGHT_JOIN account AS a ON a.id = o.account_id AND a.deleted IS NULL
             WHERE o.status = 'pending' AND o.created BETWEEN
                   GREATEST(p_from, IF(p_at_id = '', 0, p_at_created)) AND p_to
               AND (p_at_id = '' OR o.created > p_at_created OR o.id >= p_at_id)
             ORDER BY o.created, o.id LIMIT p_limit) AS x
      STRAIGHT_JOIN payment AS p ON p.account_id = x.account_id AND p.id = x.id
     ORDER BY p.created, p.id;
  ELSE
    SELECT p.account_id, p.id, CAST(p.type AS CHAR) AS type, CAST(p.status AS CHAR) AS status,
           p.amount, p.created, p.executor, p.credits, p.bookkeeper_id, p.bookkeeper_type,
           p.vendor_id, p.reason, p.message, p.details, p.document, x.name AS account_name
      FROM (SELECT o.account_id, o.id, a.name
              FROM payment AS o FORCE INDEX (moment)
              STRAIGHT_JOIN account_closure AS c
                         ON c.ancestor_id = p_top AND c.descendant_id = o.account_id
                        AND (p_below OR c.depth = 0)
              STRAIGHT_JOIN account AS a ON a.id = o.account_id AND a.deleted IS NULL
             WHERE o.status = 'pending' AND o.created BETWEEN
                   p_from AND IF(p_at_id = '', p_to, LEAST(p_to, p_at_created))
               AND (p_at_id = '' OR o.created < p_at_created OR o.id <= p_at_id)
             ORDER BY o.created DESC, o.id DESC LIMIT p_limit) AS x
      STRAIGHT_JOIN payment AS p ON p.account_id = x.account_id AND p.id = x.id
     ORDER BY p.created DESC, p.id DESC;
  END IF;
END
