-- wrk -s closed-loop.lua URL -- KEYS BODY [HEADER VALUE]...: a POST of BODY's content with the keys of KEYS, a line each, in turn. Closes with one line of JSON.
local requests = {}
local last = 0

local function content(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read("*a")
  file:close()
  return bytes
end

function init(args)
  local headers = { ["Content-Type"] = "application/json" }
  for at = 3, #args, 2 do
    headers[args[at]] = args[at + 1]
  end
  local body = content(args[2])
  for key in io.lines(args[1]) do
    headers["Authorization"] = "Bearer " .. key
    requests[#requests + 1] = wrk.format("POST", wrk.path, headers, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"microseconds":%d,"requests":%d,"failed":%d,"p50":%d,"p99":%d}\n',
    summary.duration, summary.requests, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
