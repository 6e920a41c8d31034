-- whitelabel_find: the whitelabel whose pages somebody sees: that of a domain, or the
-- nearest of an account and its ancestors. No row: there is none in use. One is in use that
-- has a domain of its own and is not disabled, of an account that is in use.
-- p_claim     of the domain; NULL: p_account decides
-- p_account   id; NULL: p_claim decides
-- p_reserved  the claim that only the master account's whitelabel may have; '': none
-- p_now       Gregorian seconds
-- Row:        domain: in lower case
CREATE PROCEDURE whitelabel_find(IN p_claim VARCHAR(400), IN p_account CHAR(32),
  IN p_reserved VARCHAR(400), IN p_now BIGINT)
SQL SECURITY DEFINER
BEGIN
  SELECT o.account_id, SUBSTRING(o.claim, CHAR_LENGTH('whitelabel/') + 1) AS domain, o.document,
         EXISTS (SELECT 1 FROM picture AS i
                  WHERE i.account_id = o.account_id AND i.kind = o.kind AND i.object_id = o.id
                    AND i.name = 'logo') AS has_logo,
         EXISTS (SELECT 1 FROM picture AS i
                  WHERE i.account_id = o.account_id AND i.kind = o.kind AND i.object_id = o.id
                    AND i.name = 'icon') AS has_icon
    FROM (SELECT 0 AS depth, account_id FROM object
           WHERE claim = p_claim AND kind = 'whitelabel'
          UNION ALL
          SELECT depth, ancestor_id FROM account_closure WHERE descendant_id = p_account) AS f
    STRAIGHT_JOIN account AS a ON a.id = f.account_id
    STRAIGHT_JOIN object AS o FORCE INDEX (PRIMARY)
      ON o.account_id = a.id AND o.kind = 'whitelabel'
   WHERE a.deleted IS NULL AND a.enabled = 1 AND (a.expires IS NULL OR a.expires > p_now)
     AND o.claim IS NOT NULL AND (o.claim <> p_reserved OR a.master = 1)
     AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(o.document, '$.enabled')), 'true') <> 'false'
   ORDER BY f.depth LIMIT 1;
END
