-- number_holder_list: which of some numbers are an account's phone number, or held by an
-- open port request.
-- p_numbers  JSON [{number}, ...], in normal form
-- p_lock     1: waits for those who take or free one, so that both cannot go unseen
-- Row:       port_id: '' for a phone number
-- Locks:     with p_lock the rows found, shared
CREATE PROCEDURE number_holder_list(IN p_numbers LONGTEXT, IN p_lock TINYINT)
SQL SECURITY DEFINER
BEGIN
  IF p_lock THEN
    -- MySQL locks nothing in a query that names JSON_TABLE itself (error 3569).
    (SELECT t.number, o.account_id, '' AS port_id
       FROM (SELECT number FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
               number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS j) AS t
            STRAIGHT_JOIN object AS o FORCE INDEX (claim)
              ON o.claim = CONCAT('phone_numbers/', t.number)
       LOCK IN SHARE MODE)
    UNION ALL
    (SELECT t.number, p.account_id, p.port_id
       FROM (SELECT number FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
               number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS j) AS t
            STRAIGHT_JOIN port_number AS p FORCE INDEX (held) ON p.held = t.number
       LOCK IN SHARE MODE);
  ELSE
    SELECT t.number, o.account_id, '' AS port_id
      FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
             number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS t
           STRAIGHT_JOIN object AS o FORCE INDEX (claim)
              ON o.claim = CONCAT('phone_numbers/', t.number)
    UNION ALL
    SELECT t.number, p.account_id, p.port_id
      FROM JSON_TABLE(p_numbers, '$[*]' COLUMNS (
             number VARCHAR(64) COLLATE utf8mb4_bin PATH '$.number')) AS t
           STRAIGHT_JOIN port_number AS p FORCE INDEX (held) ON p.held = t.number;
  END IF;
END
