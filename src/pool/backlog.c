/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/backlog.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- a unix socket: the kernel is asked by its inode ---- */

struct question {
	struct nlmsghdr head;
	struct unix_diag_req request;
};

static bool
send_question(int netlink, ino_t inode)
{
	struct question q = {
		.head = { .nlmsg_len = sizeof(q),
			.nlmsg_type = SOCK_DIAG_BY_FAMILY,
			.nlmsg_flags = NLM_F_REQUEST },
		.request = { .sdiag_family = AF_UNIX,
			.udiag_states = UINT32_MAX,
			.udiag_ino = (uint32_t)inode,
			.udiag_show = UDIAG_SHOW_RQLEN,
			.udiag_cookie = { UINT32_MAX, UINT32_MAX } },
	};

	return send(netlink, &q, sizeof(q), 0) == (ssize_t)sizeof(q);
}

static bool
read_reply(int netlink, struct backlog *out)
{
	_Alignas(struct nlmsghdr) char bytes[1024];
	ssize_t n = recv(netlink, bytes, sizeof(bytes), 0);
	struct nlmsghdr *head = (void *)bytes;
	struct unix_diag_rqlen lengths;
	struct rtattr *at;
	int left;

	if (n < 0 || !NLMSG_OK(head, (size_t)n) ||
	    head->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return false;
	at = (struct rtattr *)((struct unix_diag_msg *)NLMSG_DATA(head) + 1);
	left = (int)(head->nlmsg_len -
	    NLMSG_LENGTH(sizeof(struct unix_diag_msg)));
	for (; RTA_OK(at, left); at = RTA_NEXT(at, left)) {
		if (at->rta_type != UNIX_DIAG_RQLEN)
			continue;
		memcpy(&lengths, RTA_DATA(at), sizeof(lengths));
		/* Of a listening socket: the connections, and its limit. */
		*out = (struct backlog){ lengths.udiag_rqueue,
			lengths.udiag_wqueue };
		return true;
	}
	return false;
}

static bool
read_unix(int fd, struct backlog *out)
{
	int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC,
	    NETLINK_SOCK_DIAG);
	struct stat status;
	bool known;

	if (netlink < 0)
		return false;
	known = fstat(fd, &status) == 0 &&
	    send_question(netlink, status.st_ino) &&
	    read_reply(netlink, out);
	close(netlink);
	return known;
}

/* ---- both ---- */

static bool
read_tcp(int fd, struct backlog *out)
{
	struct tcp_info info;
	socklen_t size = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 ||
	    info.tcpi_state != TCP_LISTEN)
		return false;
	*out = (struct backlog){ info.tcpi_unacked, info.tcpi_sacked };
	return true;
}

bool
backlog_read(int fd, struct backlog *out)
{
	struct sockaddr_storage address;
	socklen_t size = sizeof(address);

	if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
		return false;
	return address.ss_family == AF_UNIX ? read_unix(fd, out) :
	    read_tcp(fd, out);
}
