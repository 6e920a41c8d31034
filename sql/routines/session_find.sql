-- session_find: all that a request's authorization needs, in one round trip: the
-- account and user of the token, and their relation to the account in the path.
-- p_digest  HMAC of the token
-- p_target  account in the path, '' none
-- Row:      none: no such token. target_id NULL: no such account. depth: steps
--           from the caller down to the target, NULL: it is not below the caller.
CREATE PROCEDURE session_find(IN p_digest BINARY(32), IN p_target CHAR(32))
SQL SECURITY DEFINER
BEGIN
  SELECT t.account_id, t.user_id, t.method, t.expires AS token_expires,
         c.name AS account_name, c.enabled AS account_enabled, c.expires AS account_expires,
         c.reseller_id, c.is_reseller, COALESCE(c.master, 0) AS is_master, c.language,
         u.enabled AS user_enabled,
         a.id AS target_id, a.name AS target_name, a.reseller_id AS target_reseller_id,
         CAST(p.depth AS SIGNED) AS depth,
         u.username, u.first_name, u.last_name, u.email,
         COALESCE(s.master, 0) AS target_reseller_is_master,
         u.priv_level, u.role, i.had_users,
         t.restrictions, t.rules
    FROM auth_token AS t
    JOIN account AS c ON c.id = t.account_id
    LEFT JOIN account_user AS u ON u.account_id = t.account_id AND u.id = t.user_id
    LEFT JOIN account AS a ON a.id = p_target AND a.deleted IS NULL
    LEFT JOIN account AS s ON s.id = a.reseller_id
    LEFT JOIN account_closure AS p ON p.ancestor_id = t.account_id AND p.descendant_id = p_target
    LEFT JOIN installation AS i ON i.id = 1
   WHERE t.digest = p_digest;
END
