#!lua name=leat
-- The delivery protocol's decisions, made where the data is: each function is one atomic step, so
-- that any number of bridges and centrals may share a Redis. docs/delivery.md says why.
--
-- Keys of partition p:
--   leat:{p}:records       stream: node, inc, seq, h, line, ms; a gap: node, inc, seq, to, h, ms
--   leat:{p}:node:<node>   hash: inc, s, h, a, ha; old (list), old:<inc> = s:h:a:ha; rotations =
--                          day:count; dup, gap, fork, busy, reject, lost, rewinds (counters)
--   leat:{p}:cursors       hash: sink -> id of the last entry that the sink has committed
-- Key of all partitions:
--   leat:nodes             set: the names of all nodes, which are bounded
--
-- Grows with every change of this file; a bridge never replaces a newer one.
local VERSION = 6

local OLD_MAX = 8            -- Incarnations remembered besides the current one.
local ROTATIONS_MAX = 24     -- New incarnations of a node a day.
local DAY_MS = 86400000
local BUSY_RETRY_MS = 2000
local REJECT_RETRY_MS = 3600000

-- Redis would write a large number as 9.0071992547409e+15.
local function int(number) return string.format('%.0f', number) end

local function pack(entry)
    return int(entry.s) .. ':' .. entry.h .. ':' .. int(entry.a) .. ':' .. entry.ha
end

-- Whether a key is ours to use: one that another program wrote must not stop the others.
local function is_ours(key)
    local kind = redis.call('TYPE', key).ok
    return kind == 'hash' or kind == 'none'
end

local HASH_DIGITS, NUMBER_DIGITS = 32, 16

local function is_number(text)
    return text and #text <= NUMBER_DIGITS and string.match(text, '^%d+$') ~= nil
end

local function is_hash(text)
    return text and #text == HASH_DIGITS and string.match(text, '^%x+$') ~= nil
end

-- Which field of the current incarnation no bridge has written; nil when all are good.
local function spoilt_field(inc, s, h, a, ha)
    if not inc then return nil end
    if not string.match(inc, '^%x+$') then return 'inc' end
    if not is_number(s) then return 's' end
    if not is_hash(h) then return 'h' end
    if a and not is_number(a) then return 'a' end
    if a and a ~= '0' and not is_hash(ha) then return 'ha' end
    return nil
end

-- What is stored of an incarnation, nil when it is not known; and the name of a field that another
-- program spoilt: then nothing in the hash is believed.
local function find(key, inc)
    local field = redis.call('HMGET', key, 'inc', 's', 'h', 'a', 'ha', 'old:' .. inc)
    local spoilt = spoilt_field(field[1], field[2], field[3], field[4], field[5])
    if spoilt then return nil, spoilt end
    if field[1] == inc then
        return {inc = inc, current = true, s = tonumber(field[2]), h = field[3],
                a = tonumber(field[4] or 0), ha = field[5] or ''}
    end
    if not field[6] then return nil end
    local s, h, a, ha = string.match(field[6], '^(%d+):(%x+):(%d+):(%x*)$')
    if spoilt_field(inc, s, h, a, ha) then return nil, 'old:' .. inc end
    return {inc = inc, current = false, s = tonumber(s), h = h, a = tonumber(a), ha = ha}
end

-- The programs name the field and its cure.
local function spoilt_reply(key, field)
    return redis.error_reply('LEAT_SPOILT ' .. field .. ' of ' .. key)
end

-- Adds to a counter of a node that is stored; one that another program spoilt begins again.
local function count(key, name, number)
    if redis.call('EXISTS', key) == 0 then return end
    local counted = redis.pcall('HINCRBY', key, name, number)
    if type(counted) == 'table' then redis.call('HSET', key, name, number) end
end

local function save(key, entry)
    if not entry.current then
        redis.call('HSET', key, 'old:' .. entry.inc, pack(entry))
    elseif entry.a > 0 then
        redis.call('HSET', key, 's', int(entry.s), 'h', entry.h, 'a', int(entry.a), 'ha', entry.ha)
    else
        redis.call('HSET', key, 's', int(entry.s), 'h', entry.h)
        redis.call('HDEL', key, 'a', 'ha')
    end
end

-- The incarnations before the current one, oldest first.
local function old_incarnations(key)
    local old = {}
    for name in string.gmatch(redis.call('HGET', key, 'old') or '', '%x+') do
        table.insert(old, name)
    end
    return old
end

local function rotations_today(key, day)
    local known, count = string.match(redis.call('HGET', key, 'rotations') or '', '^(%d+):(%d+)$')
    if known == day then return tonumber(count) end
    return 0
end

-- Moves the current incarnation to the old ones and forgets the oldest of those.
local function retire_current(key)
    local inc = redis.call('HGET', key, 'inc')
    if not inc then return end
    redis.call('HSET', key, 'old:' .. inc, pack(find(key, inc)))
    local old = old_incarnations(key)
    table.insert(old, inc)
    if #old > OLD_MAX then redis.call('HDEL', key, 'old:' .. table.remove(old, 1)) end
    redis.call('HSET', key, 'old', table.concat(old, ','))
end

local function rotate(key, entry, day)
    local count = rotations_today(key, day) + 1
    retire_current(key)
    redis.call('HSET', key, 'inc', entry.inc, 'rotations', day .. ':' .. int(count))
    entry.current = true
    save(key, entry)  -- At once: what follows may fail, and a hash without `s` would count as spoilt.
end

-- Every answer but ok leaves a counter behind: a barrier covers only connections that wrote. A node
-- of which nothing is stored leaves nothing: its answer claims nothing.
local function answer(key, status, entry, expected, retry, reason)
    if status ~= 'ok' then count(key, status, 1) end
    return {status, entry.s, entry.h, entry.a, entry.ha, expected or entry.s + 1, retry or 0,
            reason or ''}
end

-- Whether there is room for one more name; an error when there is none.
local function admit(names, node, nodes_max)
    if redis.call('SISMEMBER', names, node) == 1 then return nil end
    if redis.call('SCARD', names) < nodes_max then return nil end
    return redis.error_reply('LEAT_NODES ' .. int(nodes_max))
end

-- KEYS: node hash, stream, names. ARGV: node, inc, base, n, lo, h(base-1), h(0), now in ms, cap,
-- after (or empty), the most nodes, and n times line, h(seq). Gives status, s, h, a, ha, expected,
-- retry in ms, reason.
local ARGUMENTS = 11

local function ingest(keys, argv)
    local key, stream, names = keys[1], keys[2], keys[3]
    local node, inc, before, now = argv[1], argv[2], argv[6], argv[8]
    local base, records, lowest = tonumber(argv[3]), tonumber(argv[4]), tonumber(argv[5])
    local last, after = base + records - 1, tonumber(argv[10])
    local day = int(math.floor(tonumber(now) / DAY_MS))
    local known, spoilt = find(key, inc)
    if spoilt then return spoilt_reply(key, spoilt) end
    local is_new = not known and redis.call('EXISTS', key) == 0
    local entry = known or {inc = inc, s = 0, h = argv[7], a = 0, ha = ''}

    -- Where appending would begin, once what the node rightly deleted is declared as a gap: before
    -- its lowest record, or between `after`, which is here, and this batch.
    local s, h, gap_from = entry.s, entry.h, nil
    local crosses = after and after <= s and base > s + 1
    if lowest > s + 1 or crosses then
        if base ~= lowest and not crosses then return answer(key, 'gap', entry, lowest) end
        gap_from, s, h = s + 1, base - 1, before
    elseif base > s + 1 then
        return answer(key, 'gap', entry)
    end
    if not known and rotations_today(key, day) >= ROTATIONS_MAX then
        return answer(key, 'reject', entry, nil, REJECT_RETRY_MS, 'too many incarnations a day')
    end
    if s <= last then
        local claimed = before
        if s >= base then claimed = argv[ARGUMENTS + 2 * (s - base + 1)] end
        if claimed ~= h then return answer(key, 'fork', entry) end
    end
    if is_new then
        -- A name without a record to store leaves no trace.
        if records == 0 then return answer(key, 'dup', entry) end
        local refusal = admit(names, node, tonumber(argv[11]))
        if refusal then return refusal end
    end
    local added = math.max(last - s, 0) + (gap_from and 1 or 0)
    if added > 0 and redis.call('XLEN', stream) + added > tonumber(argv[9]) then
        return answer(key, 'busy', entry, nil, BUSY_RETRY_MS)
    end

    if not known then rotate(key, entry, day) end
    if gap_from then
        redis.call('XADD', stream, '*', 'node', node, 'inc', inc, 'seq', int(gap_from),
                   'to', int(s), 'h', h, 'ms', now)
        count(key, 'lost', s - gap_from + 1)
    end
    for seq = s + 1, last do
        local at = ARGUMENTS + 2 * (seq - base) + 1
        h = argv[at + 1]
        redis.call('XADD', stream, '*', 'node', node, 'inc', inc, 'seq', int(seq), 'h', h,
                   'line', argv[at], 'ms', now)
    end
    entry.s, entry.h = math.max(s, last), h
    if added > 0 or not known then save(key, entry) end
    -- Always: the set may be younger than the node. It limits names, and must not stop a known one.
    if added > 0 then redis.pcall('SADD', names, node) end
    return answer(key, added > 0 and 'ok' or 'dup', entry)
end

-- A sink's marks only ever rise, until it rewinds one; an incarnation that was forgotten is no error.
local function raise_applied(key, inc, a, ha)
    local entry = find(key, inc)
    if not entry or tonumber(a) <= entry.a then return 0 end
    entry.a, entry.ha = tonumber(a), ha
    save(key, entry)
    return 1
end

-- KEYS: node hash. ARGV: inc, a, ha.
local function applied(keys, argv) return raise_applied(keys[1], argv[1], argv[2], argv[3]) end

local function parts(id)
    local ms, n = string.match(id, '^(%d+)-(%d+)$')
    return tonumber(ms), tonumber(n)
end

-- Whether the stream has never given an id as high: the cursor comes from a longer history.
local function is_ahead(stream, id)
    local last = '0-0'
    if redis.call('EXISTS', stream) == 1 then
        local info = redis.call('XINFO', 'STREAM', stream)
        for i = 1, #info, 2 do
            if info[i] == 'last-generated-id' then last = info[i + 1] end
        end
    end
    local ms, n = parts(id)
    local last_ms, last_n = parts(last)
    return ms > last_ms or (ms == last_ms and n > last_n)
end

local function lowest_cursor(key)
    local lowest, lowest_ms, lowest_n
    local cursors = redis.call('HGETALL', key)
    for i = 1, #cursors, 2 do
        local id = cursors[i + 1]
        local ms, n = parts(id)
        if not ms then return nil, cursors[i] end
        if not lowest or ms < lowest_ms or (ms == lowest_ms and n < lowest_n) then
            lowest, lowest_ms, lowest_n = id, ms, n
        end
    end
    return lowest, lowest_ms, lowest_n
end

-- The group owns nothing and reads nothing: it lets `XINFO GROUPS` show people the lag.
local function show_lag(stream, id)
    local set = redis.pcall('XGROUP', 'SETID', stream, 'central', id)
    if set.err then redis.call('XGROUP', 'CREATE', stream, 'central', id, 'MKSTREAM') end
end

-- KEYS: cursors, stream, then a node hash a mark. ARGV: sink, cursor, then inc, a, ha a mark.
-- Gives the number of entries that every sink is done with and that are gone now. Changes nothing
-- for a cursor ahead of the stream: what will be appended below it would be trimmed unread.
local function settle(keys, argv)
    if is_ahead(keys[2], argv[2]) then
        return redis.error_reply('LEAT_AHEAD the cursor ' .. argv[2] .. ' is ahead of ' .. keys[2])
    end
    for i = 3, #keys do
        local at = 3 * (i - 2)
        if is_ours(keys[i]) then
            raise_applied(keys[i], argv[at], argv[at + 1], argv[at + 2])
        end
    end
    redis.call('HSET', keys[1], argv[1], argv[2])
    local lowest, ms, n = lowest_cursor(keys[1])
    if not lowest then return spoilt_reply(keys[1], ms) end
    show_lag(keys[2], lowest)
    return redis.call('XTRIM', keys[2], 'MINID', '=', int(ms) .. '-' .. int(n + 1))
end

-- KEYS: node hash. ARGV: inc, s, h. Gives 1 when the node will be asked to send again. A sink that
-- came back as an older copy has less than it had applied: then that mark is rewound, too.
local function rewind(keys, argv)
    local entry = is_ours(keys[1]) and find(keys[1], argv[1])
    if not entry or tonumber(argv[2]) >= entry.s then return 0 end
    entry.s, entry.h = tonumber(argv[2]), argv[3]
    if entry.a > entry.s then entry.a, entry.ha = entry.s, entry.h end
    save(keys[1], entry)
    count(keys[1], 'rewinds', 1)
    return 1
end

local FORGET_PAGE = 1000

-- KEYS: node hash, stream, names. ARGV: node, from ('-': the beginning). Removes all that Redis has
-- of a node, also what central has not read: a page of the stream in each call, and with the last
-- page the marks. Were they gone earlier, the pages would remove what the node sends anew. Gives the
-- number of its entries in the page, and where the next one begins, empty after the last.
local function forget(keys, argv)
    local entries, from = 0, argv[2]
    local page = redis.call('XRANGE', keys[2], from, '+', 'COUNT', FORGET_PAGE)
    for _, item in ipairs(page) do
        local id, field = item[1], item[2]
        for i = 1, #field, 2 do
            if field[i] == 'node' and field[i + 1] == argv[1] then
                entries = entries + redis.call('XDEL', keys[2], id)
            end
        end
        from = '(' .. id
    end
    if #page == FORGET_PAGE then return {entries, from} end
    redis.call('DEL', keys[1])
    redis.call('SREM', keys[3], argv[1])
    return {entries, ''}
end

-- KEYS: node hash. Gives inc, a, ha of every incarnation of which something is applied.
local function marks(keys)
    local key, found = keys[1], {}
    if not is_ours(key) then return found end
    local incarnations = old_incarnations(key)
    table.insert(incarnations, redis.call('HGET', key, 'inc') or nil)
    for _, inc in ipairs(incarnations) do
        local entry = find(key, inc)
        if entry and entry.a > 0 then
            table.insert(found, inc)
            table.insert(found, int(entry.a))
            table.insert(found, entry.ha)
        end
    end
    return found
end

local function exactly(keys, arguments)
    return function(key_count, argv) return key_count == keys and #argv == arguments end
end

local function fits_ingest(key_count, argv)
    return key_count == 3 and #argv == ARGUMENTS + 2 * (tonumber(argv[4]) or 0)
end

local function fits_settle(key_count, argv)
    return key_count >= 2 and #argv == 2 + 3 * (key_count - 2)
end

-- A program of another version calls in another way, and may go on for a while after this version was
-- loaded. Believed, its call would store a line under the number of another.
local function register(name, callback, fits, flags)
    local function checked(keys, argv)
        if fits(#keys, argv) then return callback(keys, argv) end
        return redis.error_reply('LEAT_VERSION ' .. name .. ' of version ' .. VERSION ..
                                 ' is called in another way')
    end
    redis.register_function{function_name = name, callback = checked, flags = flags}
end

register('leat_ingest', ingest, fits_ingest, {})

-- These must work when memory is full: they are what makes room again.
register('leat_applied', applied, exactly(1, 3), {'allow-oom'})
register('leat_settle', settle, fits_settle, {'allow-oom'})
register('leat_rewind', rewind, exactly(1, 3), {'allow-oom'})
register('leat_forget', forget, exactly(3, 2), {'allow-oom'})
register('leat_marks', marks, exactly(1, 0), {'no-writes'})

-- Whoever asks for it wants no more: every version answers.
redis.register_function{function_name = 'leat_version', callback = function() return VERSION end,
                        flags = {'no-writes'}}
