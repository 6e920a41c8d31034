-- The unit of a day of usage is that of the latest entry that has one. One without
-- a unit had erased it.

UPDATE audit_day AS d
   SET d.unit = (SELECT SUBSTRING(MAX(CONCAT(LPAD(l.created, 20, '0'), l.usage_unit)), 21)
                   FROM ledger AS l
                  WHERE l.account_id = d.account_id AND l.service = d.service
                    AND l.created BETWEEN TO_DAYS(d.day) * 86400 AND TO_DAYS(d.day) * 86400 + 86399
                    AND l.usage_quantity IS NOT NULL AND l.usage_unit <> '')
 WHERE d.family = 'usage' AND (d.unit IS NULL OR d.unit = '');
