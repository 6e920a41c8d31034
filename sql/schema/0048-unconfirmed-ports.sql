-- Unconfirmed port requests, and those in a state that is none, hold no numbers.

UPDATE port_number AS p
  JOIN object AS o ON o.account_id = p.account_id AND o.kind = 'port_requests' AND o.id = p.port_id
   SET p.held = NULL
 WHERE p.held IS NOT NULL
   AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), 'unconfirmed')
       NOT IN ('submitted', 'pending', 'scheduled', 'rejected');
