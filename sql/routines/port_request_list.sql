-- port_request_list: port requests of an account, or of it and all accounts below it, by
-- account and id.
-- p_below        1: those of the accounts below it, too
-- p_states       names with commas; with unconfirmed those of no state, and of any other name
-- p_after, p_at  only those behind this account and id; '': from the first
-- Row:           document: JSON
CREATE PROCEDURE port_request_list(IN p_account CHAR(32), IN p_below TINYINT,
  IN p_states VARCHAR(200), IN p_after CHAR(32), IN p_at VARCHAR(64), IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  IF p_below THEN
    SELECT o.account_id, a.name AS account_name, o.id, o.created, o.modified, o.document
      FROM account_closure AS c FORCE INDEX (PRIMARY)
           STRAIGHT_JOIN account AS a FORCE INDEX (PRIMARY)
             ON a.id = c.descendant_id AND a.deleted IS NULL
           STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
             ON o.account_id = c.descendant_id AND o.kind = 'port_requests'
     WHERE c.ancestor_id = p_account AND c.descendant_id >= p_after
       AND (o.account_id > p_after OR o.id > p_at)
       AND (FIND_IN_SET(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), p_states) > 0
            OR (FIND_IN_SET('unconfirmed', p_states) > 0
                AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), '')
                    NOT IN ('submitted', 'pending', 'scheduled', 'rejected', 'completed',
                            'canceled')))
     ORDER BY c.descendant_id, o.id LIMIT p_limit;
  ELSE
    SELECT o.account_id, a.name AS account_name, o.id, o.created, o.modified, o.document
      FROM account AS a FORCE INDEX (PRIMARY)
           STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
             ON o.account_id = p_account AND o.kind = 'port_requests' AND o.id > p_at
     WHERE a.id = p_account
       AND (FIND_IN_SET(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), p_states) > 0
            OR (FIND_IN_SET('unconfirmed', p_states) > 0
                AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), '')
                    NOT IN ('submitted', 'pending', 'scheduled', 'rejected', 'completed',
                            'canceled')))
     ORDER BY o.id LIMIT p_limit;
  END IF;
END
