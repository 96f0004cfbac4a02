/** The part of the Lua dissector that is the same whatever the tables say. Works with Lua 5.1 to 5.4. */
export const LUA_SCRIPT = `
local chan = Proto("chan", "Channel Protocol")
-- The same over a byte stream: packets are delimited by their size.
local stream = Proto("chan_stream", "Channel Protocol over a byte stream")

local MAKERS = {
  bool = function(abbr, field) return ProtoField.bool(abbr, field.label) end,
  bytes = function(abbr, field) return ProtoField.bytes(abbr, field.label) end,
  string = function(abbr, field) return ProtoField.string(abbr, field.label) end,
}
local fields = {}
local registered = {}
for place, field in ipairs(FIELDS) do
  local abbr = "chan." .. field.key
  local make = MAKERS[field.type] or function()
    local look = field.base == "hex" and base.HEX or base.DEC
    return ProtoField[field.type](abbr, field.label, look, field.names)
  end
  fields[field.key] = make(abbr, field)
  registered[place] = fields[field.key]
end
chan.fields = registered

local experts = {}
local listed = {}
for place, found in ipairs(FINDINGS) do
  local name = "chan.expert." .. found.code
  experts[found.code] = ProtoExpert.new(name, found.about, expert.group[found.group], expert.severity[found.severity])
  listed[place] = experts[found.code]
end
chan.experts = listed

-- Bit operations have other names in each version of Lua.
local band, bxor, rshift
if bit32 then
  band, bxor, rshift = bit32.band, bit32.bxor, bit32.rshift
elseif bit then
  local function unsigned(value) return value % 0x100000000 end
  band = function(a, b) return unsigned(bit.band(a, b)) end
  bxor = function(a, b) return unsigned(bit.bxor(a, b)) end
  rshift = function(a, n) return unsigned(bit.rshift(a, n)) end
else
  band, bxor, rshift = load("return function(a, b) return a & b end, function(a, b) return a ~ b end, " ..
    "function(a, n) return a >> n end")()
end

local CRC = {}
for byte = 0, 255 do
  local value = byte
  for _ = 1, 8 do
    local low = value % 2
    value = rshift(value, 1)
    if low == 1 then value = bxor(value, SHARED.polynomial) end
  end
  CRC[byte] = value
end

-- CRC-32C over some bytes, which are given as a string.
local function crc32c(bytes)
  local sum = 0xffffffff
  for at = 1, #bytes do
    sum = bxor(rshift(sum, 8), CRC[bxor(band(sum, 0xff), bytes:byte(at))])
  end
  return bxor(sum, 0xffffffff)
end

-- The varint at an offset and its size, or nothing where it does not end in time.
local function read_varint(tvb, at, limit)
  local value = 0
  for size = 1, SHARED.varint_max do
    if at + size > limit then return nil end
    local byte = tvb(at + size - 1, 1):uint()
    value = value * 128 + byte % 128
    if byte < 128 then return value, size end
    value = value + 1
  end
  return nil
end

-- A whole number for a field of 64 bits.
local function wide(value)
  return UInt64.new(value % 0x100000000, math.floor(value / 0x100000000))
end

-- Adds the fields of a layout, as far as they fit. Returns where it ends, or nothing, and the values by key.
local function add_layout(layout, tvb, at, limit, tree)
  local values = {}
  for _, field in ipairs(layout) do
    local size = field.by and values[field.by] or field.size
    local value
    if field.varint then
      value, size = read_varint(tvb, at, limit)
      if not value then return nil, values, "varint" end
    end
    if at + size > limit then return nil, values, "cut" end
    local range = size > 0 and tvb(at, size) or nil
    if field.varint then
      tree:add(fields[field.key], range, wide(value))
    elseif field.mask then
      value = band(range:uint(), field.mask) ~= 0
      tree:add(fields[field.key], range, value)
    elseif field.order then
      value = 0
      for _, byte in ipairs(field.order) do value = value * 256 + tvb(at + byte, 1):uint() end
      tree:add(fields[field.key], range, value)
    elseif range then
      tree:add(fields[field.key], range)
    end
    if field.key == "caps" then
      tree:add(fields["caps.mode"], range, SHARED.modes[value % 8 + 1]):set_generated()
    end
    values[field.key] = value
    at = at + (field.advance or size)
  end
  return at, values
end

local function is_reserved(id)
  return id % 0x10000 == SHARED.reserved_half or math.floor(id / 0x10000) == SHARED.reserved_half
end

local function is_handshake(code)
  return code >= SHARED.codes.CHANNEL_NEW and code <= SHARED.codes.CHANNEL_FINALIZE
end

local function takes_number(code)
  return code == SHARED.codes.DATA or code == SHARED.codes.CHANNEL_CLOSE or code == SHARED.codes.CHANNEL_COOKIE
end

-- Reads the messages in [at, limit); where what was sent goes on to sent, the capture cut it.
local function add_messages(dialect, tvb, at, limit, sent, on_default, tree)
  local names = {}
  local numbered, control
  while at < sent do
    local code, size = read_varint(tvb, at, limit)
    if not code then
      local cut = limit - at < SHARED.varint_max and limit < sent
      tree:add_proto_expert_info(experts[cut and "truncated" or "varint-bad"])
      return names
    end
    local message = dialect.messages[code]
    local body = at + size
    local branch = tree:add(chan, tvb(at, math.max(1, limit - at)), message and message.name or "Unknown message, type " .. code)
    branch:add(fields["msg.type"], tvb(at, size), wide(code))
    names[#names + 1] = message and message.name or "unknown(" .. code .. ")"
    if not message then
      branch:add_proto_expert_info(experts["message-unknown"])
      return names
    end
    local stop, values, why = add_layout(message.body, tvb, body, limit, branch)
    if not stop then
      local code_of = limit < sent and "truncated" or why == "varint" and "varint-bad" or "message-cut"
      branch:add_proto_expert_info(experts[code_of])
      return names
    end
    branch:set_len(stop - at)
    if values.caps and band(values.caps, SHARED.reserved_capabilities) ~= 0 then
      branch:add_proto_expert_info(experts["caps-reserved"])
    end
    if values.c1 == SHARED.reserved_half or (values.id and is_reserved(values.id)) then
      branch:add_proto_expert_info(experts["half-reserved"])
    end
    if is_handshake(code) ~= on_default then branch:add_proto_expert_info(experts["message-misplaced"]) end
    if code == SHARED.codes.CHANNEL_COOKIE and #names > 1 then
      branch:add_proto_expert_info(experts["cookie-not-first"])
    end
    numbered = numbered or takes_number(code)
    if code == SHARED.codes.DATA_PROGRESS or code == SHARED.codes.DATA_WINDOW then control = control or branch end
    at = stop
  end
  return names, numbered and control
end

local PUBLIC = SHARED.payload - SHARED.private_size

-- Where a field of the public header lies, and its size.
local function header_field(dialect, key)
  local at = 0
  for _, field in ipairs(dialect.header) do
    if field.key == key then return at, field.size end
    at = at + field.advance
  end
end

-- The number that a field of the public header holds.
local function header_number(dialect, key, tvb, offset)
  local at, size = header_field(dialect, key)
  return tvb(offset + at, size):uint()
end

-- Reads the private header and the messages; limit is how much of the packet was captured.
local function add_private(dialect, tvb, limit, size, header, whole, tree)
  if band(header.flags, SHARED.encrypted) ~= 0 then
    tree:add_proto_expert_info(experts["encrypted"])
    return {}
  end
  if SHARED.payload > limit then
    if whole then tree:add_proto_expert_info(experts["truncated"]) end
    return {}
  end
  local _, private = add_layout(SHARED.private, tvb, PUBLIC, limit, tree)
  if not whole then return {} end
  if private.payload_size > size - SHARED.envelope then
    tree:add_proto_expert_info(experts["malformed"])
    return {}
  end
  local sent = SHARED.payload + private.payload_size
  local on_default = header.id == SHARED.default_channel
  local names, control = add_messages(dialect, tvb, SHARED.payload, math.min(limit, sent), sent, on_default, tree)
  if control then control:add_proto_expert_info(experts["numbered-control"]) end
  local padding = size - SHARED.envelope - private.payload_size
  if padding > 0 then
    local start = math.min(sent, limit)
    local stop = math.min(sent + padding, limit)
    local place = stop > start and tvb(start, stop - start) or tvb(limit - 1, 1)
    tree:add(fields["padding"], place, padding):set_generated()
  end
  return names
end

-- Checks the checksum of a packet that was captured whole.
local function add_checksum(tvb, size, tree)
  local place = size - SHARED.footer_size
  local range = tvb(place, SHARED.footer_size)
  add_layout(SHARED.footer, tvb, place, size, tree)
  local good = crc32c(tvb:raw(0, place)) == range:uint()
  local status = tree:add(fields["checksum.status"], range, good and "good" or "bad")
  status:set_generated()
  if not good then status:add_proto_expert_info(experts["checksum-bad"]) end
end

-- Whether bytes are a channel packet: a known protocol id, and enough sense in what follows.
local function is_packet(tvb, sent)
  if tvb:len() < 4 then return false end
  local dialect = DIALECTS[tvb(0, 4):uint()]
  if not dialect then return false end
  if tvb:len() < PUBLIC then return true end
  if band(header_number(dialect, "flags", tvb, 0), SHARED.reserved_flags) == 0 then return true end
  local size = header_number(dialect, "size", tvb, 0)
  return size >= SHARED.envelope and size <= sent
end

-- Dissects one packet; sent is how many bytes there were before the capture. Returns how many it takes, 0 where it is none.
local function dissect_bytes(tvb, pinfo, tree, sent)
  if not is_packet(tvb, sent) then return 0 end
  local dialect = DIALECTS[tvb(0, 4):uint()]
  local captured = tvb:len()
  pinfo.cols.protocol = dialect.name
  local top = tree:add(chan, tvb(), "Channel Protocol (" .. dialect.name .. ")")
  top:add(fields["dialect"], tvb(0, 4), dialect.name):set_generated()
  local stop, header = add_layout(dialect.header, tvb, 0, captured, top)
  if not stop then
    top:add_proto_expert_info(experts[PUBLIC > sent and "malformed" or "truncated"])
    return captured
  end
  if header.id == SHARED.default_channel then top:add(fields["default"], tvb(header_field(dialect, "id")), true):set_generated() end
  if band(header.flags, SHARED.reserved_flags) ~= 0 then top:add_proto_expert_info(experts["flags-reserved"]) end
  if header.id ~= SHARED.default_channel and is_reserved(header.id) then
    top:add_proto_expert_info(experts["half-reserved"])
  end
  if tvb:raw(header_field(dialect, "sender")) == tvb:raw(header_field(dialect, "recipient")) then top:add_proto_expert_info(experts["sent-to-self"]) end
  local size = header.size
  local whole = size >= SHARED.envelope and size <= sent
  local limit = whole and math.min(captured, size) or captured
  if not whole then
    top:add_proto_expert_info(experts["malformed"])
  elseif size < sent then
    top:add_proto_expert_info(experts["trailing-bytes"])
  end
  local names = add_private(dialect, tvb, limit, size, header, whole, top)
  if whole and size <= captured then add_checksum(tvb, size, top) end
  local id = string.format("%08x", header.id)
  local what = table.concat(names, ", ")
  pinfo.cols.info = header.id == SHARED.default_channel and what ~= "" and what or id .. " " .. what
  if whole then top:set_len(limit) end
  return limit
end

local function dissect_packet(tvb, pinfo, tree)
  return dissect_bytes(tvb, pinfo, tree, tvb:reported_len())
end

local udp_length = Field.new("udp.length")

-- How many bytes a datagram has by its own length: those of a sliced one reach beyond its frame.
local function datagram_len(tvb)
  local lengths = { udp_length() }
  local last = lengths[#lengths]
  return math.max(tvb:reported_len(), last and last.value - 8 or 0)
end

-- How large the packet of a stream is, of which the public header is there.
local function size_of(tvb, _, offset)
  local dialect = DIALECTS[tvb(offset, 4):uint()]
  local size = dialect and header_number(dialect, "size", tvb, offset) or 0
  -- A size that no packet has ends what can be cut into packets.
  return size < SHARED.envelope and tvb:len() - offset or size
end

function chan.dissector(tvb, pinfo, tree)
  return dissect_packet(tvb, pinfo, tree)
end

function stream.dissector(tvb, pinfo, tree)
  dissect_tcp_pdus(tvb, tree, PUBLIC, size_of, dissect_packet, true)
  return tvb:len()
end

local function on_datagram(tvb, pinfo, tree)
  return dissect_bytes(tvb, pinfo, tree, datagram_len(tvb)) > 0
end

local function on_message(tvb, pinfo, tree)
  return dissect_packet(tvb, pinfo, tree) > 0
end

local function on_segment(tvb, pinfo, tree)
  if not is_packet(tvb, tvb:reported_len()) then return false end
  -- What follows on this connection may begin in the middle of a packet.
  pinfo.conversation = stream
  stream.dissector(tvb, pinfo, tree)
  return true
end

chan:register_heuristic("udp", on_datagram)
chan:register_heuristic("sctp", on_message)
stream:register_heuristic("tcp", on_segment)

-- For "Decode As…", and for the link types that hold bare packets.
DissectorTable.get("udp.port"):add_for_decode_as(chan)
DissectorTable.get("sctp.port"):add_for_decode_as(chan)
DissectorTable.get("tcp.port"):add_for_decode_as(stream)
for user = 0, 15 do
  DissectorTable.get("wtap_encap"):add(wtap.USER0 + user, chan)
end
`;
