import { readFileSync } from 'node:fs';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect, test } from 'vitest';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { DIALECTS, type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../dissectors/channel/dissect.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { readVarint, varintBytes, varintSize } from '../../dissectors/wire/field.js';
import { fromHex, toHex, viewOf } from '../../dissectors/wire/view.js';

const vectors = JSON.parse(readFileSync(new URL('../../fixtures/vectors.json', import.meta.url), 'utf8'));

test.each(vectors.crc32c as { hex: string; crc32c: string }[])('CRC-32C $crc32c', ({ hex, crc32c: expected }) => {
  const view = viewOf(fromHex(hex));
  expect(crc32c(view, 0, view.byteLength)).toBe(Number.parseInt(expected, 16));
});

test.each(vectors.varint as { value: number; hex: string }[])('varint $value is $hex', ({ value, hex }) => {
  const view = viewOf(fromHex(hex));
  expect(varintSize(view, 0, view.byteLength)).toBe(view.byteLength);
  expect(readVarint(view, 0)).toBe(value);
  expect(toHex(varintBytes(value))).toBe(hex);
});

test.each(vectors.protocol_id as { version: string; id: string }[])('$version is $id', ({ version, id }) => {
  const dialect = DIALECTS.find((known) => known.version === version);
  expect(dialect?.protocolId).toBe(Number.parseInt(id, 16));
  expect(toHex(sha512(new TextEncoder().encode(version)).subarray(0, 4))).toBe(id);
});

interface CookieVector {
  secret: string;
  initiator: string;
  responder: string;
  c1: string;
  c2: string;
  hmac: { cookie1: string; cookie2: string };
  channeler: { cookie1: string; cookie2: string };
}

test.each(vectors.cookie as CookieVector[])('cookies of $initiator with $responder', (vector) => {
  for (const name of ['hmac', 'channeler'] as const) {
    const key = cookieKey(dialectNamed(name), fromHex(vector.secret));
    const ids = { initiator: fromHex(vector.initiator), responder: fromHex(vector.responder) };
    const [c1, c2] = [Number.parseInt(vector.c1, 16), Number.parseInt(vector.c2, 16)];
    expect(toHex(key({ ...ids, c1 }))).toBe(vector[name].cookie1);
    expect(toHex(key({ ...ids, c1, c2 }))).toBe(vector[name].cookie2);
  }
});

test.each(vectors.packet.packets as { name: string; dialect: DialectName; hex: string }[])(
  'reads the packet "$name" of $dialect',
  ({ dialect, hex }) => {
    const view = viewOf(fromHex(hex));
    const limit = { captured: view.byteLength, wire: view.byteLength };
    const packet = dissectChannel(view, 0, limit);
    expect(packet.dialect.name).toBe(dialect);
    expect(packet.checksumStatus).toBe('good');
    expect(packet.stop).toBeUndefined();
    expect(packet.size).toBe(view.byteLength);
    expect(packet.messages.length).toBeGreaterThan(0);
    for (const message of packet.messages) expect(message).toMatchObject({ kind: { code: message.code } });
  },
);
