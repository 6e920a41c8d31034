-- port_number_save: replaces the numbers of a port request. The caller has written the request
-- and holds the lock of the account's services.
-- p_holds    0: it holds none, as it is unconfirmed or closed; 1: it holds all of them; 2: it
--            holds those that no older request holds, which younger ones lose
-- p_numbers  JSON [{number}, ...], in normal form, each once
-- Errors:    45409 number: another request holds one
-- Locks:     with 2 the rows of younger requests, exclusive
CREATE PROCEDURE port_number_save(IN p_account CHAR(32), IN p_port VARCHAR(64), IN p_holds TINYINT,
  IN p_numbers LONGTEXT)
SQL SECURITY DEFINER
BEGIN
  DECLARE v_created BIGINT;
  DECLARE EXIT HANDLER FOR 1062
    SIGNAL SQLSTATE '45409' SET MESSAGE_TEXT = 'number: another port request has it';

  DELETE FROM port_number WHERE account_id = p_account AND port_id = p_port;
  IF p_numbers <> '[]' THEN
    IF p_holds = 2 THEN
      SELECT created INTO v_created FROM object
       WHERE account_id = p_account AND kind = 'port_requests' AND id = p_port;
      UPDATE (SELECT number FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
               number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS j) AS t
             STRAIGHT_JOIN port_number AS q FORCE INDEX (held) ON q.held = t.number
             STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
               ON o.account_id = q.account_id AND o.kind = 'port_requests' AND o.id = q.port_id
         SET q.held = NULL
       WHERE o.created > v_created
          OR (o.created = v_created AND (o.account_id > p_account
              OR (o.account_id = p_account AND o.id > p_port)));
    END IF;
    INSERT INTO port_number (account_id, port_id, number, held)
      SELECT p_account, p_port, t.number,
             IF(p_holds = 0 OR (p_holds = 2 AND q.held IS NOT NULL), NULL, t.number)
        FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
               number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS t
             LEFT JOIN port_number AS q ON q.held = t.number;
  END IF;
END
