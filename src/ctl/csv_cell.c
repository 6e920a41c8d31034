/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/csv_cell.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/formula.h"
#include "ctl/print.h"

void
ctl_print_cell(struct arena *a, const char *text)
{
	size_t length;
	struct buffer cell;

	if (is_formula(text))
		text = arena_printf(a, "'%s", text);
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		ctl_put_document(stdout, text);
		return;
	}
	buffer_init(&cell, a, 0);
	buffer_putc(&cell, '"');
	for (; *text != '\0'; text += length) {
		length = strcspn(text, "\"");
		buffer_add(&cell, text, length);
		if (text[length] == '"') {
			buffer_puts(&cell, "\"\"");
			length++;
		}
	}
	buffer_putc(&cell, '"');
	ctl_put_document(stdout, cell.text);
}
