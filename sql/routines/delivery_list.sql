-- delivery_list: messages to the receivers of an account that wait or were given up,
-- newest first.
-- p_owner  the account whose receivers they are for
-- p_below  1: with the receivers of all accounts below it. Of the master account: all
--          messages of the installation, mail too
-- p_state  'waiting' or 'dead'
-- p_at     the message to begin with, its place; 0: the newest
-- Row:     account_name: of the account that the message is about; NULL: it is no
--          longer at or below the owner; owner_name: of the receiver's account;
--          receiver_name, url: NULL: there is no such receiver, or it is mail; due: when
--          the line of a waiting message is due
-- The text of a message is not among them.
CREATE PROCEDURE delivery_list(IN p_owner CHAR(32), IN p_below TINYINT, IN p_state VARCHAR(16),
  IN p_at BIGINT, IN p_limit INT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_at BIGINT DEFAULT IF(p_at = 0, 9223372036854775807, p_at);
  DECLARE v_all TINYINT DEFAULT
    p_below AND EXISTS (SELECT 1 FROM account WHERE id = p_owner AND master = 1);

  SELECT o.id AS place, o.delivery_id, o.account_id, a.name AS account_name, o.owner,
         w.name AS owner_name, o.target, o.bookkeeper_id, o.message,
         CAST(o.state AS CHAR) AS state, o.created, o.attempts,
         IF(o.state = 'waiting', l.due, NULL) AS due, o.http_status, o.reason, o.detail,
         o.audit_id,
         JSON_UNQUOTE(JSON_EXTRACT(t.document, '$.name')) AS receiver_name,
         JSON_UNQUOTE(JSON_EXTRACT(t.document, IF(t.kind = 'webhooks', '$.uri', '$.url'))) AS url
    FROM (SELECT own.id
            FROM (SELECT id FROM outbox FORCE INDEX (owner)
                   WHERE NOT p_below AND owner = p_owner AND state = p_state AND id <= v_at
                   ORDER BY id DESC LIMIT p_limit) AS own
          UNION ALL
          SELECT each_one.id
            FROM (SELECT m.id FROM outbox AS m FORCE INDEX (undelivered)
                   WHERE p_below AND m.state = p_state AND m.id <= v_at
                     AND (v_all OR EXISTS (SELECT 1 FROM account_closure AS c
                                            WHERE c.ancestor_id = p_owner
                                              AND c.descendant_id = m.owner))
                   ORDER BY m.id DESC LIMIT p_limit) AS each_one) AS page
    STRAIGHT_JOIN outbox AS o FORCE INDEX (PRIMARY) ON o.id = page.id
    LEFT JOIN outbox_line AS l ON l.account_id = o.account_id AND l.target = o.target
    LEFT JOIN account AS w ON w.id = o.owner
    LEFT JOIN account_closure AS s ON s.ancestor_id = p_owner AND s.descendant_id = o.account_id
    LEFT JOIN account AS a ON a.id = s.descendant_id
    LEFT JOIN object AS t
           ON t.account_id = o.owner
          AND t.kind = IF(o.target LIKE 'webhook/%', 'webhooks', 'bookkeepers')
          AND t.id = COALESCE(o.bookkeeper_id, SUBSTRING_INDEX(o.target, '/', -1))
   ORDER BY o.id DESC;
END
