# SPDX-License-Identifier: GPL-3.0-or-later
# Prints C files as "file:line:code" without their comments. With
# -v strings=0 the texts of string and character constants go too.

function flush_line() {
	if (line ~ /[^ \t]/)
		print FILENAME ":" FNR ":" line
}

FNR == 1 {
	in_comment = 0
}

{
	line = ""
	n = length($0)
	quote = ""
	for (i = 1; i <= n; i++) {
		c = substr($0, i, 1)
		two = substr($0, i, 2)
		if (in_comment) {
			if (two == "*/") {
				in_comment = 0
				line = line " "
				i++
			}
		} else if (quote != "") {
			if (c == "\\") {
				if (strings)
					line = line two
				i++
			} else {
				if (strings || c == quote)
					line = line c
				if (c == quote)
					quote = ""
			}
		} else if (two == "/*") {
			in_comment = 1
			i++
		} else if (two == "//") {
			break
		} else {
			if (c == "\"" || c == "'")
				quote = c
			line = line c
		}
	}
	flush_line()
}
