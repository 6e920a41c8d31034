# SPDX-License-Identifier: GPL-3.0-or-later
# REEVE_DB_LIBRARY: the client library that --with-db asks for, or the first of
# both that is there, in DB_CFLAGS and DB_LIBS; its name in $db_library. On
# Debian mysqlclient.pc is MariaDB's connector as well, under another name: its
# header tells.
AC_DEFUN([REEVE_DB_LIBRARY], [
AS_CASE([$with_db],
    [mariadb], [PKG_CHECK_MODULES([DB], [libmariadb])],
    [mysql], [PKG_CHECK_MODULES([DB], [mysqlclient])],
    [either], [PKG_CHECK_MODULES([DB], [libmariadb], [],
	[PKG_CHECK_MODULES([DB], [mysqlclient])])],
    [AC_MSG_ERROR([--with-db: mariadb or mysql, not $with_db])])
AC_MSG_CHECKING([whose client library that is])
reeve_save_CPPFLAGS=$CPPFLAGS
CPPFLAGS="$CPPFLAGS $DB_CFLAGS"
AC_PREPROC_IFELSE([AC_LANG_SOURCE([[
#include <mysql.h>
#ifndef MARIADB_BASE_VERSION
#error
#endif
]])], [db_library=mariadb], [db_library=mysql])
CPPFLAGS=$reeve_save_CPPFLAGS
AC_MSG_RESULT([$db_library])
AS_CASE([$with_db], [either|$db_library], [],
    [AC_MSG_ERROR([mysqlclient.pc is that of MariaDB's library here])])
])
