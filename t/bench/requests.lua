-- SPDX-License-Identifier: GPL-3.0-or-later
-- The requests of wrk: METHOD BODYFILE [PATH...]
-- Each request goes to the next path (default: that of the URL). NUMBER in the
-- body is replaced by a new number from 1 to 1000.

local before, after, paths, count = "", nil, {}, 0

function init(args)
	wrk.method = args[1]
	wrk.headers["Content-Type"] = "application/json"
	wrk.body = io.open(args[2]):read("*a")
	for i = 3, #args do
		paths[#paths + 1] = args[i]
	end
	before, after = wrk.body:match("^(.*)NUMBER(.*)$")
	if after == nil then
		-- All requests are equal: wrk formats them once.
		request = nil
	end
end

function request()
	count = count + 1
	return wrk.format(nil, paths[count % #paths + 1],
	    nil, before .. (count % 1000 + 1) .. after)
end
