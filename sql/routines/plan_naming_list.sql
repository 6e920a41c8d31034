-- plan_naming_list: the assigned plans that name a vendor's bookkeeper, in the version
-- that is paid by or in its overrides, of the vendor and its descendants: nobody else
-- gets messages to it. A plan's bookkeeper without a vendor is that of the plan's.
-- Row:  id, accounts: how many have the plan; id '': accounts whose own services name it;
--       20 at most
CREATE PROCEDURE plan_naming_list(IN p_vendor CHAR(32), IN p_bookkeeper VARCHAR(64))
SQL SECURITY DEFINER
BEGIN
  SELECT n.id, CAST(COUNT(DISTINCT n.account_id) AS SIGNED) AS accounts
    FROM (SELECT x.plan_id AS id, x.account_id
            FROM account_closure AS c
            STRAIGHT_JOIN service_assignment AS x ON x.account_id = c.descendant_id
            STRAIGHT_JOIN service_plan AS p ON p.account_id = x.vendor_id AND p.id = x.plan_id
                                           AND p.version = x.priced
           WHERE c.ancestor_id = p_vendor
             AND ((LOCATE(p_bookkeeper, p.document) > 0
                   AND JSON_UNQUOTE(JSON_EXTRACT(p.document, '$.bookkeeper.id')) = p_bookkeeper
                   AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(p.document, '$.bookkeeper.vendor_id')),
                                x.vendor_id) = p_vendor)
                  OR (LOCATE(p_bookkeeper, x.overrides) > 0
                      AND JSON_UNQUOTE(JSON_EXTRACT(x.overrides, '$.bookkeeper.id'))
                          = p_bookkeeper))
          UNION ALL
          SELECT '', s.account_id
            FROM account_closure AS c
            STRAIGHT_JOIN service AS s ON s.account_id = c.descendant_id
            STRAIGHT_JOIN account AS a ON a.id = s.account_id
           WHERE c.ancestor_id = p_vendor AND a.deleted IS NULL
             AND ((LOCATE(p_bookkeeper, s.document) > 0
                   AND JSON_UNQUOTE(JSON_EXTRACT(s.document, '$.bookkeeper.id')) = p_bookkeeper
                   AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(s.document, '$.bookkeeper.vendor_id')),
                                a.reseller_id) = p_vendor)
                  OR (LOCATE(p_bookkeeper, s.overrides) > 0
                      AND JSON_UNQUOTE(JSON_EXTRACT(s.overrides, '$.bookkeeper.id'))
                          = p_bookkeeper))) AS n
   GROUP BY n.id ORDER BY n.id LIMIT 20;
END
