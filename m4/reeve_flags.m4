# SPDX-License-Identifier: GPL-3.0-or-later

# REEVE_TRY_FLAGS(VARIABLE, FLAGS [, EXTRA])
# ------------------------------------------
# Adds to VARIABLE each of FLAGS that compiles and links without a warning,
# EXTRA being given with each.
AC_DEFUN([REEVE_TRY_FLAGS], [
reeve_saved_CFLAGS=$CFLAGS
for reeve_flag in $2; do
	AC_MSG_CHECKING([whether $CC takes $reeve_flag])
	CFLAGS="$reeve_saved_CFLAGS -Werror $3 $reeve_flag"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]],
	    [[char text[8]; memset(text, 0, sizeof(text)); return text[1];]])],
	    [AC_MSG_RESULT([yes]); $1="$$1 $reeve_flag"],
	    [AC_MSG_RESULT([no])])
done
CFLAGS=$reeve_saved_CFLAGS
])

# REEVE_FORTIFY(VARIABLE)
# -----------------------
# Adds to VARIABLE the highest level of _FORTIFY_SOURCE that compiles without a
# warning; nothing if the user's flags say a level.
AC_DEFUN([REEVE_FORTIFY], [
AS_CASE(["$CPPFLAGS $CFLAGS"], [*_FORTIFY_SOURCE*], [], [
	reeve_fortify=
	REEVE_TRY_FLAGS([reeve_fortify], [-D_FORTIFY_SOURCE=3],
	    [-U_FORTIFY_SOURCE])
	AS_IF([test -z "$reeve_fortify"],
	    [REEVE_TRY_FLAGS([reeve_fortify], [-D_FORTIFY_SOURCE=2],
	    [-U_FORTIFY_SOURCE])])
	AS_IF([test -n "$reeve_fortify"],
	    [$1="$$1 -U_FORTIFY_SOURCE $reeve_fortify"])
])
])
