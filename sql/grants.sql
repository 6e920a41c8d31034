-- What the application may do: call procedures. Nothing else.
REVOKE ALL PRIVILEGES, GRANT OPTION FROM @user@@@host@;
GRANT EXECUTE ON @database@.* TO @user@@@host@;
