-- A number may be in one open port request, whatever account's: each request's numbers
-- have rows, which hold them while the request is open.

CREATE TABLE port_number (
  account_id CHAR(32)    NOT NULL,
  port_id    VARCHAR(64) NOT NULL COMMENT 'id of the object of kind port_requests',
  number     VARCHAR(64) NOT NULL COMMENT 'in normal form',
  held       VARCHAR(64) NULL     COMMENT 'the number while the request is open and no other had it before; NULL: not held',
  PRIMARY KEY (account_id, port_id, number),
  UNIQUE KEY held (held),
  KEY number (number),
  CONSTRAINT port_number_account FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin COMMENT='Numbers of port requests';

INSERT INTO port_number (account_id, port_id, number)
  SELECT o.account_id, o.id, t.number
    FROM object AS o
         JOIN JSON_TABLE(JSON_KEYS(o.document, '$.numbers'), '$[*]' COLUMNS (
           number VARCHAR(64) COLLATE utf8mb4_bin PATH '$')) AS t
   WHERE o.kind = 'port_requests' AND t.number IS NOT NULL;

-- Of several open requests with a number, the first by account and id keeps it.
UPDATE port_number AS p
  JOIN (SELECT MIN(CONCAT(q.account_id, q.port_id)) AS first, q.number
          FROM port_number AS q
               JOIN object AS o ON o.account_id = q.account_id AND o.kind = 'port_requests' AND o.id = q.port_id
         WHERE COALESCE(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.port_state')), 'unconfirmed')
               NOT IN ('completed', 'canceled')
         GROUP BY q.number) AS f
    ON f.number = p.number AND f.first = CONCAT(p.account_id, p.port_id)
   SET p.held = p.number;
