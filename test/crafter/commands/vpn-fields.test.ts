import { expect, test } from 'vitest';
import { payloadFrom, payloadOf } from '../../../crafter/commands/craft-payload.js';
import { build } from '../../../crafter/part.js';
import { toHex } from '../../../dissectors/wire/view.js';

const made = (text: string): string => toHex(build(payloadOf([payloadFrom(text)])));

test.each([
  // A number where the channel protocol has a peer of the same name.
  ['wg:type=2,sender=9,receiver=0x0a0b0c0d', '02000000 09000000 0d0c0b0a'],
  ['wg:type=4,receiver=1,counter=2,encrypted_packet=ffff', '04000000 01000000 0200000000000000 ffff'],
  ['wg:type=1,ephemeral=hIU3Vq9ES75tOFFXH+Mb/5VU2+/fVmWJ11AD+ZbkRjg=', '01000000 00000000 84853756af444bbe6d385157'],
  [
    'isakmp:nextpayload=41,notify.msgtype=16390,notify.data=ca',
    `${'00'.repeat(16)} 29 20 22 08 00000000 00000025 00000009 00004006 ca`,
  ],
  [
    'isakmp:nextpayload=40,payloadlength=4,nonce=ffff',
    `${'00'.repeat(16)} 28 20 22 08 00000000 00000022 00000004 ffff`,
  ],
  ['isakmp:exchangetype=35', `${'00'.repeat(16)} 00 20 23 08 00000000 0000001c`],
  [
    'openvpn:opcode=5,sessionid=1,mpidarraylength=1,mpidarrayelement=2,rsessionid=3',
    '28 0000000000000001 01 00000002 0000000000000003',
  ],
  ['openvpn:opcode=9,peerid=7,data=aa', '48 000007 aa'],
  ['pppoed:tags.ac_cookie=0102', '11 09 0000 000a 01010000 01040002 0102'],
  ['pppoed:code=0x65,session_id=7,payload_length=0', '11 65 0007 0000 01010000'],
  ['pppoed:code=0xa7,session_id=7', '11 a7 0007 0000'],
])('crafts %s', (text, bytes) => {
  expect(made(text).slice(0, bytes.replaceAll(' ', '').length)).toBe(bytes.replaceAll(' ', ''));
});
