import { expect, test } from 'vitest';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { FilterError } from '../../../analyzer/filter/filter-error.js';

function errorOf(text: string): FilterError {
  try {
    compileFilter(text);
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
  throw new Error(`${text} is legal`);
}

const NO_STATE = '"estab" is not one of new, acknowledged, established, early, closed, refused, timed-out, collided';
const NO_DIALECT = '"hmac-newcap" is not one of hmac, hmac-newcaps, seqno, channeler';

test.each([
  ['udp.prot == 53', '"udp.prot" is an unknown field or protocol; did you mean udp.port?', 0],
  ['ip and chan.msg.tpye', '"chan.msg.tpye" is an unknown field or protocol; did you mean chan.msg.type?', 7],
  ['udp.port == 53a', '"53a" is not a number', 12],
  ['udp.port == 65536', '"65536" is too large for this field: at most 65535', 12],
  ['udp.port == "53"', 'the text "53" cannot be compared with an unsigned number', 12],
  ['ip.src == "10.0.0.1"', 'the text "10.0.0.1" cannot be compared with an IPv4 address', 10],
  ['ip.src == 10.0.0', '"10.0.0" is not an IPv4 address', 10],
  ['ip.src == 10.0.0.1/33', 'an IPv4 address has 32 bits, not 33', 10],
  ['ipv6.src == 1.2.3.4', '"1.2.3.4" is not an IPv6 address', 12],
  ['eth.src == 02:00', '"02:00" has 2 bytes, an Ethernet address 6', 11],
  ['frame contains xyz', '"xyz" is not a sequence of bytes such as 01:0a:ff, nor a quoted string', 15],
  ['tcp.flags.syn == yes', '"yes" is neither True nor False', 17],
  ['frame.time > yesterday', '"yesterday" is not a time such as "2026-01-02T03:04:05.678Z"', 13],
  ['frame.time_epoch > 1s', '"1s" is not a duration in seconds such as 1.25', 19],
  ['chan.id == xyz', '"xyz" is not an id in hex digits', 11],
  ['udp.port ==', 'unexpected end of filter', 11],
  ['(udp', 'unexpected end of filter: expected ")"', 4],
  ['udp)', '")" was not expected here', 3],
  ['ip ip', '"ip" was not expected here', 3],
  ['udp.port = 53', '"=" was not expected here; did you mean ==?', 9],
  ['udp | tcp', '"|" was not expected here; did you mean ||?', 4],
  ['udp AND ip', '"AND" was not expected here; did you mean and?', 4],
  [
    'channel.mode == tpc',
    '"tpc" is not one of udp, z, streaming-1, streaming-2, x, sctp, y, tcp; did you mean tcp?',
    16,
  ],
  ['channel.state in {new, estab}', `${NO_STATE}; did you mean established?`, 23],
  ['expert.severity >= warning', '"warning" is not one of chat, note, warn, error; did you mean warn?', 19],
  ['expert.code == tcp-lost', '"tcp-lost" is not one of its values; did you mean tcp-lost-segment?', 15],
  ['chan.dialect == hmac-newcap', `${NO_DIALECT}; did you mean hmac-newcaps?`, 16],
  ['chan.checksum.status == invalid', '"invalid" is not one of good, bad, unverified', 24],
  ['chan.msg.type == acknowlege', '"acknowlege" is neither a number nor a name; did you mean acknowledge?', 17],
  ['udp.port in {53', 'unexpected end of filter: expected "}"', 15],
  ['any udp', 'unexpected end of filter: expected a comparison', 7],
  ['frame not contains "a"', '"contains" was not expected here: expected "in"', 10],
  ['frame.comment == "abc', 'the string has no closing quote', 17],
  [String.raw`frame.comment == "a\qb"`, String.raw`"\q" is not an escape; a backslash itself is "\\"`, 19],
  ["udp.port == 'ab'", "'ab' is more than one character; strings have double quotes", 13],
  ['frame.comment == ü', 'characters beyond ASCII belong inside double quotes', 17],
  ['eth.src[0:0]', 'the length 0 of a slice is below 1', 8],
  ['eth.src[2-1]', 'the range "2-1" ends before it starts', 8],
  ['eth.src[1,x]', '"x" is not a range such as 0:2, 0-2, 3, :2 or -4:', 10],
  ['ip#', '"#" must be followed by the number of a layer, or by a range of them', 2],
  ['udp.port[0]', '"udp.port" (unsigned number) cannot be cut into bytes', 0],
  ['udp.port == ip.src', '"udp.port" (unsigned number) and "ip.src" (IPv4 address) cannot be compared', 12],
  ['53 == udp.port', 'the left side of "==" must be a field or a function, not "53"', 0],
  ['5 + udp.port == 6', 'the left side of a calculation must be a field or a function, not "5"', 0],
  ['ip.src + 1 == 2', '"1" is not an IPv4 address', 9],
  ['frame.comment & frame.comment', '"&" does not go with a value of the kind text', 0],
  ['len(udp)', 'the value of a function is always there: compare it with something', 0],
  ['lenn(udp) == 1', 'there is no function "lenn"; did you mean len?', 0],
  ['len(udp, ip) == 1', 'len() takes one field', 9],
  ['lower(udp.port) == 1', 'lower() takes a field of texts, not of the kind unsigned number', 6],
  ['string(frame.time) == "x"', 'string() cannot turn a value of the kind time into a text', 7],
  [
    'max(udp.port, ip.ttl) == 1',
    'max() compares values of one kind: expected unsigned number of 2 bytes, found unsigned number of 1 byte',
    14,
  ],
  ['ip.src contains "1"', '"contains" looks into texts and bytes; "ip.src" is of the kind IPv4 address', 0],
  ['frame matches abc', '"matches" wants a pattern in double quotes on its right side', 14],
  ['frame matches "(a"', 'a group of the pattern has no closing parenthesis', 14],
  ['frame[0] in {02}', 'only a field may be looked up in a set, not "frame[0]"', 0],
  [`ip.src == \${udp}`, '"udp" is not a field that could be referred to', 10],
  ['channel == 1', '"channel" has no value to compare', 0],
])('%s', (text, problem, at) => {
  const { message } = errorOf(text);
  expect(message.split('\n')).toEqual([`filter: ${problem}`, text, `${' '.repeat(at)}^`]);
});

test('an error is known by its name, its place and its suggestion', () => {
  const { name, at, end, problem, suggestion } = errorOf('ip and udp.prot');
  expect({ name, at, end, problem, suggestion }).toEqual({
    name: 'FilterError',
    at: 7,
    end: 15,
    problem: '"udp.prot" is an unknown field or protocol',
    suggestion: 'udp.port',
  });
});

test('the filter is shown in one line, whatever is in it', () => {
  expect(errorOf('ip\nand\tudp.prot').message.split('\n').slice(1)).toEqual(['ip and udp.prot', '       ^']);
  expect(errorOf('frame.comment == "日本" x').message.split('\n').slice(1)).toEqual([
    'frame.comment == "日本" x',
    `${' '.repeat(24)}^`,
  ]);
});

test('of a long filter the part around the place is shown', () => {
  const [, shown = '', caret = ''] = errorOf(`${'ip or '.repeat(100)}nonsense${' or ip'.repeat(100)}`).message.split(
    '\n',
  );
  expect(shown.length).toBeLessThan(260);
  expect(shown.slice(caret.indexOf('^'))).toMatch(/^nonsense or ip/);
});
