-- login_failure_show: tells when the failed logins of a client and an account are forgotten.
-- p_network  of the client
-- p_name     the account's name or id as a subject; NULL: it was not named
-- p_realm    the account's realm as a subject; NULL: it was not given
-- Row:       Gregorian seconds, 0: there are none. network: those of the client; account:
--            those of name and realm, the later of the two
CREATE PROCEDURE login_failure_show(IN p_network VARCHAR(128), IN p_name VARCHAR(128),
  IN p_realm VARCHAR(128))
SQL SECURITY DEFINER
BEGIN
  SELECT CAST(COALESCE(MAX(IF(subject = p_network, forgotten, 0)), 0) AS SIGNED) AS network,
         CAST(COALESCE(MAX(IF(subject = p_network, 0, forgotten)), 0) AS SIGNED) AS account
    FROM login_failure
   WHERE subject IN (p_network, p_name, p_realm);
END
