import { describe, expect, test } from 'vitest';
import { slowSharedSecret } from '../../../../analyzer/handshakes/wireguard/keys.js';
import { momentOfTai64n, openCookie, openInitiation } from '../../../../analyzer/handshakes/wireguard/noise.js';
import { sharedSecretOf } from '../../../../analyzer/index/shared-secret.js';
import { bytesOfBase64 } from '../../../../dissectors/wire/base64.js';
import { fromHex, toHex } from '../../../../dissectors/wire/view.js';
import { INITIATION, RESPONDER_KEY } from '../../../dissectors/wg-messages.js';

const key = (text: string): Uint8Array => bytesOfBase64(text) ?? new Uint8Array(0);
const OWN = key('yM8DMuTCjjcLBFxuJUSwUvrIg+vU/PrzguyJVUuVTEg=');
const sealed = {
  ephemeral: INITIATION.subarray(8, 40),
  sealedStatic: INITIATION.subarray(40, 88),
  sealedTimestamp: INITIATION.subarray(88, 116),
};

describe.each([
  ['JavaScript', slowSharedSecret],
  ['OpenSSL', sharedSecretOf],
])('with the curve in %s', (_, shared) => {
  test('an initiation of wireguard-go says who asked, and when', () => {
    const found = openInitiation(sealed, key(RESPONDER_KEY), {
      ephemeral: shared(OWN, sealed.ephemeral),
      statics: (staticKey) => shared(OWN, staticKey),
    });
    expect(toHex(found?.staticKey ?? new Uint8Array(0)).slice(0, 8)).toBe('d35cdd61');
    expect(momentOfTai64n(found?.timestamp ?? new Uint8Array(0))).toEqual({ seconds: 1796099934, nanos: 469762048 });
  });

  test('it does not open with another key, or when a bit is wrong', () => {
    const secrets = { ephemeral: shared(OWN, sealed.ephemeral), statics: (one: Uint8Array) => shared(OWN, one) };
    expect(openInitiation(sealed, key('qGHagG1M81xm+BE3EiAHpPws3jZZoJpnwLvCdEkz6D0='), secrets)).toBe(undefined);
    const bent = { ...sealed, sealedTimestamp: sealed.sealedTimestamp.slice() };
    bent.sealedTimestamp[3] = (bent.sealedTimestamp[3] ?? 0) ^ 1;
    expect(openInitiation(bent, key(RESPONDER_KEY), secrets)).toBe(undefined);
  });

  test('a public key of low order yields no secret', () => {
    expect(shared(OWN, new Uint8Array(32))).toBe(undefined);
  });
});

test('both curves agree', () => {
  expect(toHex(sharedSecretOf(OWN, sealed.ephemeral) ?? new Uint8Array(0))).toBe(
    toHex(slowSharedSecret(OWN, sealed.ephemeral) ?? new Uint8Array(1)),
  );
});

test('a cookie that was sealed for another message does not open', () => {
  expect(openCookie(new Uint8Array(32), new Uint8Array(24), new Uint8Array(32), new Uint8Array(16))).toBe(undefined);
});

test.each([
  ['400000000000000a00000000', { seconds: 0, nanos: 0 }],
  ['400000006a2a4a5e1c000000', { seconds: 1781156436, nanos: 469762048 }],
  ['400000000000000900000000', undefined],
  ['ffffffffffffffff00000000', undefined],
  ['40000000', undefined],
])('the label %s is of the time %j', (label, moment) => {
  expect(momentOfTai64n(fromHex(label))).toEqual(moment);
});
