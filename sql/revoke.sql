-- Before the two users are granted the procedures that each calls (migrate --create).
REVOKE ALL PRIVILEGES, GRANT OPTION FROM @user@@@host@;
