/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/progress.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "ctl/print.h"

#define WIDTH 40
#define EVERY_MS 100

void
progress_begin(struct progress *p, const char *what, int64_t total)
{
	memset(p, 0, sizeof(*p));
	p->what = what;
	p->total = total;
	p->shown = isatty(STDERR_FILENO) == 1;
}

void
progress_at(struct progress *p, int64_t done)
{
	int64_t now = clock_monotonic_ms();
	int filled;

	if (!p->shown || now - p->last_ms < EVERY_MS)
		return;
	p->last_ms = now;
	if (p->total <= 0) {
		ctl_tell("\r%s %lld", p->what, (long long)done);
		return;
	}
	filled = done >= p->total ? WIDTH : (int)(done * WIDTH / p->total);
	ctl_tell("\r%s [%.*s%*s] %3d%%", p->what, filled,
	    "########################################", WIDTH - filled, "",
	    (int)(filled * 100 / WIDTH));
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		ctl_tell("\r\033[K");
}
