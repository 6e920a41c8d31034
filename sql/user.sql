-- Then this for the pool's user, and for reevectl's if it has one. @user@, @host@ and
-- @password@ are filled in, quoted.
CREATE USER IF NOT EXISTS @user@@@host@ IDENTIFIED BY @password@;
ALTER USER @user@@@host@ IDENTIFIED BY @password@;
