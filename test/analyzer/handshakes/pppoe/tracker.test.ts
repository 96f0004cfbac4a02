import { expect, test } from 'vitest';
import { fromHex } from '../../../../dissectors/wire/view.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

const [HOST, AC, ALL] = ['620000000001', '620000000002', 'ffffffffffff'];
const tag = (type: string, value: string): string =>
  `${type}${(value.length / 2).toString(16).padStart(4, '0')}${value}`;
const frame = (to: string, from: string, code: string, session: string, ...tags: readonly string[]): Uint8Array => {
  const body = tags.join('');
  return fromHex(`${to}${from}886311${code}${session}${(body.length / 2).toString(16).padStart(4, '0')}${body}`);
};
/** What rp-pppoe makes: 20 bytes. */
const COOKIE = tag('0104', '4f208409c5565265007cb2a6b69678d743710000');
const UNIQ = tag('0103', '01020304');
const padi = (...tags: readonly string[]) => frame(ALL, HOST, '09', '0000', ...tags);
const pado = (...tags: readonly string[]) => frame(HOST, AC, '07', '0000', ...tags);
const padr = (...tags: readonly string[]) => frame(AC, HOST, '19', '0000', ...tags);
const pads = (session: string, ...tags: readonly string[]) => frame(HOST, AC, '65', session, ...tags);

test('sessions of the fixture: used and ended, with a wrong cookie, refused, without an offer', async () => {
  const rows = await rowsOf('fixtures/pppoe-discovery.pcap', 'pppoe');
  expect(rows.map(inShort)).toEqual([
    'established | 1 | echo-ok | - | frames of the session went both ways; the host ended it: Generic-Error user request',
    'timed-out | 1 | echo-bad | - | the PADR with a wrong AC-Cookie was not answered',
    'refused | 1 | echo-ok | - | the access concentrator refused: Service-Name-Error no service tv',
    'asked | 3 | - | - | 3 PADI, and no access concentrator that serves net offered anything: none is on this network or VLAN',
  ]);
  expect(messagesOf(rows[0] ?? expect.fail())).toEqual([
    '1 → PADI',
    '2 ← PADO (isp-1)',
    '3 → PADR (with the AC-Cookie)',
    '4 ← PADS',
    '5 → Session',
    '6 ← Session',
    '7 → PADT (Generic-Error user request)',
  ]);
});

test.each([
  ['both echoes are right', [UNIQ], [UNIQ, COOKIE], [UNIQ, COOKIE], 'echo-ok', []],
  ['nothing is to be echoed', [], [], [], undefined, []],
  ['the cookie is left out', [UNIQ], [UNIQ, COOKIE], [UNIQ], 'echo-bad', ['pppoe-cookie-bad']],
  ['another cookie', [], [COOKIE], [tag('0104', '00')], 'echo-bad', ['pppoe-cookie-bad']],
  ['another Host-Uniq', [UNIQ], [tag('0103', '99'), COOKIE], [UNIQ, COOKIE], 'echo-ok', ['pppoe-host-uniq-bad']],
  ['no Host-Uniq', [UNIQ], [COOKIE], [UNIQ, COOKIE], 'echo-ok', ['pppoe-host-uniq-bad']],
])('judges both echoes: %s', (_, asked, offered, wanted, status, codes) => {
  const watch = new HandshakeWatch();
  const facts = [
    watch.frame(0, padi(...asked)),
    watch.frame(2, pado(...offered)),
    watch.frame(4, padr(...wanted)),
    watch.frame(6, pads('0001', ...asked)),
  ];
  expect(facts.flatMap(codesOf)).toEqual(codes);
  expect(watch.rows).toMatchObject([{ state: 'answered', cookieStatus: status, details: { session: '0x0001' } }]);
});

test('a request without its offer says nothing about its cookie', () => {
  const watch = new HandshakeWatch();
  watch.frame(0, padr(UNIQ, COOKIE));
  expect(watch.rows).toMatchObject([{ state: 'echoed', cookieStatus: 'unknown' }]);
});

test.each([
  [
    'an error in the offer',
    [padi(), pado(tag('0202', '6f6f70'))],
    'refused',
    'the offer tells an error: AC-System-Error oop',
  ],
  [
    'session 0',
    [padi(), pado(), padr(), pads('0000')],
    'refused',
    'the access concentrator refused: no session was granted',
  ],
])('ends with %s', (_, frames, state, reason) => {
  const watch = new HandshakeWatch();
  for (const [place, one] of frames.entries()) watch.frame(place, one);
  expect(watch.rows).toMatchObject([{ state, reason }]);
});

test('frames of a session of others do not establish it', () => {
  const watch = new HandshakeWatch();
  for (const [place, one] of [padi(), pado(), padr(), pads('0007')].entries()) watch.frame(place, one);
  const session = (to: string, from: string) => fromHex(`${to}${from}88641100000700060021450000000000`);
  watch.frame(10, session('620000000009', '620000000008'));
  watch.frame(11, session(AC, HOST));
  expect(watch.rows[0]?.state).toBe('answered');
  watch.frame(12, session(HOST, AC));
  expect(watch.rows[0]?.state).toBe('established');
});
