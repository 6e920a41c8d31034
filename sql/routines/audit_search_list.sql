-- audit_search_list: entries about invoices of an account, or of its descendants, too,
-- by what they say.
-- p_top, p_below  an account; 1: and all below it
-- p_service  an item or a category that the entries changed; '' any
-- p_who      NULL: anybody
-- p_request  NULL: any
-- p_low_*, p_high_*  places (created, account, sequence) between which entries stand, both
--            included
-- p_limit    at most this many: the newest
-- Rows:      in no promised order (services are counted, not joined: a server could begin
--            with them). One index is read, newest first; what another filter
--            refuses is read as well, so the caller bounds it (audit_search_end).
CREATE PROCEDURE audit_search_list(
  IN p_top CHAR(32), IN p_below TINYINT, IN p_service VARCHAR(128), IN p_who VARCHAR(64),
  IN p_request VARCHAR(128), IN p_low_created BIGINT, IN p_low_account CHAR(32),
  IN p_low_sequence BIGINT, IN p_high_created BIGINT, IN p_high_account CHAR(32),
  IN p_high_sequence BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_way VARCHAR(12) DEFAULT CASE
    WHEN p_request IS NOT NULL THEN 'request' WHEN p_who IS NOT NULL THEN 'who'
    WHEN p_service <> '' THEN IF(p_below, 'touch below', 'touch')
    ELSE IF(p_below, 'below', 'own') END;

  SELECT e.account_id, a.name AS account_name, e.id, e.created, e.recorded, e.sequence, e.status,
         e.reason, e.message, e.document, e.line_items
    FROM ((SELECT t.account_id, t.sequence
            FROM audit_mark AS t FORCE INDEX (request)
            STRAIGHT_JOIN account_closure AS c
               ON c.ancestor_id = p_top AND c.descendant_id = t.account_id
              AND (p_below OR c.depth = 0)
            STRAIGHT_JOIN account AS a ON a.id = t.account_id AND a.deleted IS NULL
           WHERE v_way = 'request' AND t.request_id = p_request
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
             AND (p_who IS NULL OR t.who = p_who)
             AND (p_service = '' OR 1 = (
                   SELECT COUNT(*) FROM audit_touch AS s
                    WHERE s.account_id = t.account_id AND s.service = p_service
                      AND s.created = t.created AND s.sequence = t.sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)
          UNION ALL
          (SELECT t.account_id, t.sequence
            FROM audit_mark AS t FORCE INDEX (who)
            STRAIGHT_JOIN account_closure AS c
               ON c.ancestor_id = p_top AND c.descendant_id = t.account_id
              AND (p_below OR c.depth = 0)
            STRAIGHT_JOIN account AS a ON a.id = t.account_id AND a.deleted IS NULL
           WHERE v_way = 'who' AND t.who = p_who
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
             AND (p_service = '' OR 1 = (
                   SELECT COUNT(*) FROM audit_touch AS s
                    WHERE s.account_id = t.account_id AND s.service = p_service
                      AND s.created = t.created AND s.sequence = t.sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)
          UNION ALL
          (SELECT t.account_id, t.sequence
            FROM audit_touch AS t FORCE INDEX (place)
            STRAIGHT_JOIN account_closure AS c
               ON c.ancestor_id = p_top AND c.descendant_id = t.account_id
            STRAIGHT_JOIN account AS a ON a.id = t.account_id AND a.deleted IS NULL
           WHERE v_way = 'touch below' AND t.service = p_service
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)
          UNION ALL
          (SELECT t.account_id, t.sequence
            FROM audit_touch AS t FORCE INDEX (PRIMARY)
           WHERE v_way = 'touch' AND t.account_id = p_top AND t.service = p_service
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)
          UNION ALL
          (SELECT t.account_id, t.sequence
            FROM audit_mark AS t FORCE INDEX (place)
            STRAIGHT_JOIN account_closure AS c
               ON c.ancestor_id = p_top AND c.descendant_id = t.account_id
            STRAIGHT_JOIN account AS a ON a.id = t.account_id AND a.deleted IS NULL
           WHERE v_way = 'below'
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)
          UNION ALL
          (SELECT t.account_id, t.sequence
            FROM audit_mark AS t FORCE INDEX (PRIMARY)
           WHERE v_way = 'own' AND t.account_id = p_top
             AND t.created BETWEEN p_low_created AND p_high_created
             AND (t.created > p_low_created
                  OR (t.account_id, t.sequence) >= (p_low_account, p_low_sequence))
             AND (t.created < p_high_created
                  OR (t.account_id, t.sequence) <= (p_high_account, p_high_sequence))
           ORDER BY t.created DESC, t.account_id DESC, t.sequence DESC LIMIT p_limit)) AS k
    STRAIGHT_JOIN audit_entry AS e ON e.account_id = k.account_id AND e.sequence = k.sequence
    STRAIGHT_JOIN account AS a ON a.id = e.account_id;
END
