import type { Layer } from '../../../dissectors/layer.js';
import { cipherSuiteName } from '../../../dissectors/tls/cipher-suites.js';
import {
  chosenVersionOf,
  cookieOf,
  type Hello,
  offeredVersionsOf,
  protocolsOf,
  selectedGroupOf,
  serverNameOf,
  sharedGroupsOf,
} from '../../../dissectors/tls/hello.js';
import { hex16 } from '../../../dissectors/wire/view.js';
import type { Handshake, ReturnedStatus } from '../handshake.js';
import type { Step } from '../step.js';
import { ageOf, judgeEcho, judgeTranscript, MBEDTLS_SECONDS, OPENSSL_SECONDS, readOpensslCookie } from './judge.js';
import { firstHello, keepChallenge, memoryOf, type TlsMemory } from './memory.js';
import { changeBetween, groupFaultOf } from './rules.js';
import { groupText, versionText } from './words.js';

/** Sets what a ClientHello says, for people to read. */
export function describeClient(step: Step, row: Handshake, hello: Hello): void {
  const { table } = step;
  const name = serverNameOf(hello);
  const protocols = protocolsOf(hello);
  if (name !== undefined) table.detail(row, 'sni', name);
  if (protocols.length > 0) table.detail(row, 'alpn_offered', protocols.join());
  const [version] = [...offeredVersionsOf(hello)].sort((one, other) => other - one);
  if (version !== undefined) table.detail(row, 'version_offered', versionText(version));
}

/** Sets what a ServerHello says. */
export function describeServer(step: Step, row: Handshake, hello: Hello, memory: TlsMemory): void {
  const { table } = step;
  const [suite] = hello.suites;
  const [protocol] = protocolsOf(hello);
  const group = selectedGroupOf(hello);
  memory.version = chosenVersionOf(hello);
  table.detail(row, 'version', versionText(memory.version));
  if (suite !== undefined) table.detail(row, 'suite', cipherSuiteName(suite) ?? `0x${hex16(suite)}`);
  if (group !== undefined) table.detail(row, 'group', groupText(group));
  if (protocol !== undefined) table.detail(row, 'alpn', protocol);
}

/** Takes what a HelloRetryRequest asks for, and judges whether it may. Source: RFC 8446, section 4.1.4. */
export function judgeRetry(step: Step, layer: Layer, row: Handshake, hello: Hello, dtls: boolean): void {
  const memory = memoryOf(row);
  const cookie = cookieOf(hello);
  memory.retries++;
  memory.group = selectedGroupOf(hello);
  memory.wantsCookie = cookie !== undefined;
  if (memory.retries > 1) step.note('tls-retry-again', layer);
  if (cookie?.length === 0) step.note('tls-cookie-empty', layer);
  const first = firstHello(memory, dtls);
  const fault = first && groupFaultOf(first, hello, cookie !== undefined);
  memory.hadShare = fault === 'share sent';
  if (fault) step.note('tls-retry-group', layer, [memory.group ?? 0, fault === 'not offered' ? 0 : 1]);
  if (cookie) {
    keepChallenge(memory, cookie);
    judgeMade(step, layer, row, cookie);
  } else {
    const { table } = step;
    table.addEvidence(step, row, 'no', 'a HelloRetryRequest without a cookie: the server keeps what it has read');
  }
}

/** Judges a cookie by what can be read of it when it is handed out. */
function judgeMade(step: Step, layer: Layer, row: Handshake, cookie: Uint8Array): void {
  const { table } = step;
  const memory = memoryOf(row);
  table.detail(row, 'cookie_size', cookie.length);
  const made = readOpensslCookie(cookie);
  if (!made) {
    table.addEvidence(
      step,
      row,
      'likely',
      'a HelloRetryRequest with a cookie, which may hold all that the server needs',
    );
    return;
  }
  table.detail(row, 'cookie_maker', 'OpenSSL');
  row.proofStatus = judgeTranscript(made.hash, memory.first);
  if (row.proofStatus === 'invalid') step.note('tls-cookie-hash', layer);
  const text = 'the cookie holds the hash of the first ClientHello, so the server need not keep it';
  table.addEvidence(step, row, row.proofStatus === 'valid' ? 'yes' : 'likely', text);
}

/** Judges a cookie that came back. @returns its note, for the message */
export function judgeReturned(step: Step, layer: Layer, row: Handshake, cookie: Uint8Array): string {
  const memory = memoryOf(row);
  const now = step.seconds + step.nanos / 1e9;
  const echo = judgeEcho(cookie, memory.challenges);
  const made = readOpensslCookie(cookie);
  const age = made ? now - made.time : ageOf(cookie, now);
  const life = made ? OPENSSL_SECONDS : MBEDTLS_SECONDS;
  if (made && row.proofStatus === undefined) row.proofStatus = 'unknown';
  if (age !== undefined) step.table.detail(row, 'cookie_age', Math.max(0, Math.floor(age)));
  const isStale = made !== undefined && age !== undefined && age > life;
  const status: ReturnedStatus = isStale && echo !== 'echo-bad' ? 'stale' : echo;
  row.cookieStatus = status;
  if (status === 'echo-bad') step.note('tls-cookie-other', layer);
  if (status === 'stale') step.note('tls-cookie-stale', layer, [Math.floor(age ?? 0), life]);
  return `cookie of ${cookie.length} bytes, ${status}`;
}

const CHANGES = ['random', 'session id', 'cipher suites'] as const;

/** Judges a ClientHello that answers a HelloRetryRequest, beside the first. Source: RFC 8446, section 4.1.2. */
export function judgeSecond(step: Step, layer: Layer, row: Handshake, hello: Hello, dtls: boolean): void {
  const memory = memoryOf(row);
  if (memory.wantsCookie && cookieOf(hello) === undefined) step.note('tls-cookie-missing', layer);
  const { group } = memory;
  if (group !== undefined && sharedGroupsOf(hello).join() !== `${group}`) step.note('tls-share-other', layer, [group]);
  const first = firstHello(memory, dtls);
  const change = first && changeBetween(first, hello);
  if (change === undefined) return;
  const given = typeof change === 'number' ? [CHANGES.length, change] : [CHANGES.indexOf(change)];
  step.note('tls-retry-changed', layer, given);
}
