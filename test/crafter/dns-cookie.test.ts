import { expect, test } from 'vitest';
import { serverCookie } from '../../crafter/dns-cookie.js';
import { fromHex, toHex } from '../../dissectors/wire/view.js';

// Source: RFC 9018, appendix A.1 to A.4.
test.each([
  [
    'A.1',
    'e5e973e5a6b2a43f48e7dc849e37bfcf',
    '2464c4abcf10c957',
    1559731985,
    'c6336464',
    '010000005cf79f111f8130c3eee29480',
  ],
  [
    'A.2',
    'e5e973e5a6b2a43f48e7dc849e37bfcf',
    '2464c4abcf10c957',
    1559734385,
    'c6336464',
    '010000005cf7a871d4a564a1442aca77',
  ],
  [
    'A.4',
    '445536bcd2513298075a5d379663c962',
    '22681ab97d52c298',
    1559741961,
    '20010db80220000159ded0f4876982b8',
    '010000005cf7c609a6bb79d16625507a',
  ],
])('makes the server cookie of the example %s', (_, secret, client, time, address, expected) => {
  expect(toHex(serverCookie(fromHex(secret), fromHex(client), time, fromHex(address)))).toBe(expected);
});

// Made by BIND 9.18 with this secret.
test.each([
  ['a1a2a3a4a5a6a7a8', 0x6b0e4f3e, '0a4d0001', '010000006b0e4f3e48f15faad2031112'],
  ['b1b2b3b4b5b6b7b8', 0x6b0e4f3e, 'fd770000000000000000000000000001', '010000006b0e4f3ebf6d831b86e91189'],
])('makes the server cookie that BIND made for %s', (client, time, address, expected) => {
  const secret = fromHex('00112233445566778899aabbccddeeff');
  expect(toHex(serverCookie(secret, fromHex(client), time, fromHex(address)))).toBe(expected);
});
