/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The daily summary, in its two forms: services/audit_summary, as the seed
 * document has it, and the later services/audit/summary. Rows come from
 * service/day_summary.h; their shape is made here.
 */
#include "config.h"

#include <string.h>

#include "api/handlers.h"
#include "http/paging.h"
#include "service/day_summary.h"

#define DAY_BYTES 128 /* what a day's row is written in, about */

/* The later form hides private names among all services (rules/audit 15). */
static bool
is_private(const char *service)
{
	return service[0] == '_' || strncmp(service, "pvt_", 4) == 0;
}

/* Adds {service: quantity} before the first day to the envelope. */
static struct problem *
add_opening(struct call *c, const struct audit_day_query *wanted)
{
	bool hides = wanted->view == AUDIT_VIEW_QUANTITIES &&
	    wanted->service[0] == '\0';
	struct json_object *opening, *further;
	struct audit_openings found;
	struct problem *p;
	size_t i;

	p = day_summary_opening(c->db, c->arena, wanted, &found);
	if (p != NULL)
		return p;
	further = json_own(c->arena, json_object_new_object());
	opening = json_object_new_object();
	json_object_object_add(further, "opening", opening);
	for (i = 0; i < found.count; i++)
		if (!hides || !is_private(found.rows[i].service))
			json_put_int(opening, found.rows[i].service,
			    found.rows[i].quantity);
	c->response->further = further;
	/* It may change where the days, of which an ETag is made, do not. */
	c->response->untagged = true;
	return NULL;
}

static struct problem *
load(struct call *c, enum audit_view view, const char *service,
    struct audit_days *out)
{
	const struct config *config = c->config;
	struct audit_day_query wanted = { c->account_id, view, service, 0, 0 };
	struct time_range range;
	struct problem *p;

	/* A year only when the end is named (rules/audit 17). */
	p = time_range_read(c->request, c->now, config->summary_max_range_s,
	    config->max_range_s, &range);
	if (p != NULL)
		return p;
	wanted.from = range.from;
	wanted.to = range.to;
	if (request_control_is(c->request, "opening", "true") &&
	    (p = add_opening(c, &wanted)) != NULL)
		return p;
	return day_summary_load(c->db, c->arena, config, &wanted, out);
}

/* ---- shapes ---- */

static void
write_members(struct json_writer *w, const struct audit_day *day)
{
	if (!day->usage)
		json_member_int(w, "addition", day->addition);
	json_member_int(w, "last_timestamp", day->last_timestamp);
	json_member_int(w, "quantity", day->quantity);
	if (!day->usage)
		json_member_int(w, "removal", day->removal);
	json_member_bool(w, "sum_quantity", day->usage);
	if (day->usage && day->unit != NULL)
		json_member_string(w, "unit", day->unit);
}

/* "2019-04-03": {...} */
static void
write_day(struct json_writer *w, const struct audit_day *day)
{
	json_key(w, day->day);
	json_begin_object(w);
	write_members(w, day);
	json_end(w);
}

/* {"2019-04-03": {...}} */
static void
write_single_day(struct json_writer *w, const struct audit_day *day)
{
	json_begin_object(w);
	write_day(w, day);
	json_end(w);
}

/* Returns the index after the rows of the service at i. */
static size_t
end_of_service(const struct audit_days *days, size_t i)
{
	const char *service = days->days[i].service;

	while (i < days->count && strcmp(days->days[i].service, service) == 0)
		i++;
	return i;
}

/* {"service": [{day}, {day}]}, days ascending. */
static void
write_services(struct json_writer *w, const struct audit_days *days)
{
	size_t i, end;

	json_begin_object(w);
	for (i = 0; i < days->count; i = end) {
		end = end_of_service(days, i);
		json_key(w, days->days[i].service);
		json_begin_array(w);
		for (; i < end; i++)
			write_single_day(w, &days->days[i]);
		json_end(w);
	}
	json_end(w);
}

/* The end of a run of rows, which is written newest first. */
static size_t
end_of_run(const struct audit_days *days, size_t i, bool by_year)
{
	const char *day = days->days[i].day;

	if (!by_year)
		return days->count;
	while (i < days->count && strncmp(days->days[i].day, day, 4) == 0)
		i++;
	return i;
}

/*
 * [{day}, {day}], newest first. The later form has its years in ascending
 * order, each newest first (rules/audit 18): clients of it expect that.
 */
static void
write_one_service(struct call *c, const struct audit_days *days, bool by_year)
{
	struct json_writer *w = &c->response->json;
	bool ascending = request_control_is(c->request, "ascending", "true");
	size_t start, end, i;

	json_begin_array(w);
	for (start = 0; start < days->count; start = end) {
		end = end_of_run(days, start, by_year);
		for (i = start; i < end; i++)
			write_single_day(w, &days->days[ascending ? i :
			    start + end - 1 - i]);
	}
	json_end(w);
}

/* [{"service": {day, day}}], one object whatever years it spans. */
static void
write_quantities(struct json_writer *w, const struct audit_days *days)
{
	size_t i, end;
	bool open = false;

	json_begin_array(w);
	for (i = 0; i < days->count; i = end) {
		end = end_of_service(days, i);
		if (is_private(days->days[i].service))
			continue;
		if (!open)
			json_begin_object(w);
		open = true;
		json_key(w, days->days[i].service);
		json_begin_object(w);
		for (; i < end; i++)
			write_day(w, &days->days[i]);
		json_end(w);
	}
	if (open)
		json_end(w);
	json_end(w);
}

/* Rows for a spreadsheet: service and day are columns of their own. */
static void
write_rows(struct json_writer *w, const struct audit_days *days)
{
	size_t i;

	json_begin_array(w);
	for (i = 0; i < days->count; i++) {
		json_begin_object(w);
		json_member_string(w, "service", days->days[i].service);
		json_member_string(w, "day", days->days[i].day);
		write_members(w, &days->days[i]);
		json_end(w);
	}
	json_end(w);
}

static struct problem *
summarize(struct call *c, enum audit_view view)
{
	const char *service = c->parameters[0];
	struct json_writer *w = &c->response->json;
	struct audit_days days;
	struct problem *p;

	p = load(c, view, service == NULL ? "" : service, &days);
	if (p != NULL)
		return p;
	c->response->file_name = "audit_summary";
	buffer_reserve(&c->response->data, days.count * DAY_BYTES);
	if (c->request->format == FORMAT_CSV)
		write_rows(w, &days);
	else if (service != NULL)
		write_one_service(c, &days, view == AUDIT_VIEW_QUANTITIES);
	else if (view == AUDIT_VIEW_SERVICES)
		write_services(w, &days);
	else
		write_quantities(w, &days);
	return NULL;
}

struct problem *
audit_summary(struct call *c)
{
	return summarize(c, AUDIT_VIEW_SERVICES);
}

struct problem *
audit_quantities_summary(struct call *c)
{
	return summarize(c, AUDIT_VIEW_QUANTITIES);
}
