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
