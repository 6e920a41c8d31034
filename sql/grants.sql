-- What the pool's user may do if reevectl has none of its own (migrate --create): call
-- procedures. Nothing else.
REVOKE ALL PRIVILEGES, GRANT OPTION FROM @user@@@host@;
GRANT EXECUTE ON @database@.* TO @user@@@host@;
