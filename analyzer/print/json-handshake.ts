import type { Handshake, TouchedHandshake } from '../handshakes/handshake.js';
import { micros } from '../text/elapsed.js';
import { jsonText } from './json-text.js';

/** How a handshake stands after a packet, as JSON. Source: the handshake page, part 1 "Where it shows". */
export function handshakeJson({ number, kind, state, cookieStatus, proofStatus }: TouchedHandshake): string {
  const parts = [`"number":${number}`, `"kind":"${kind}"`, `"state":"${state}"`];
  if (cookieStatus) parts.push(`"cookie_status":"${cookieStatus}"`);
  if (proofStatus) parts.push(`"proof_status":"${proofStatus}"`);
  return `{${parts.join()}}`;
}

/** A handshake as one line of JSON. Source: the handshake page, part 1. */
export function handshakeRowJson(row: Handshake): string {
  const { number, kind, initiator, responder, id, state, cookieStatus, proofStatus, stateless, evidence } = row;
  const { attempts, resent, rttChallenge, rttEcho, rttAnswer, first, last, messages, unlisted, reason, details } = row;
  const parts = [
    `"number":${number}`,
    `"kind":"${kind}"`,
    `"initiator":${jsonText(initiator)}`,
    `"responder":${jsonText(responder)}`,
    `"id":${jsonText(id)}`,
    `"state":"${state}"`,
    `"reason":${jsonText(reason)}`,
  ];
  if (row.channel > 0) parts.push(`"channel":${row.channel}`);
  if (cookieStatus) parts.push(`"cookie_status":"${cookieStatus}"`);
  if (proofStatus) parts.push(`"proof_status":"${proofStatus}"`);
  parts.push(`"stateless":"${stateless}"`);
  if (evidence.length > 0) parts.push(`"evidence":[${evidence.map(jsonText).join()}]`);
  parts.push(`"attempts":${attempts}`, `"resent":${resent}`);
  for (const [key, seconds] of Object.entries({ challenge: rttChallenge, echo: rttEcho, answer: rttAnswer })) {
    if (seconds !== undefined) parts.push(`"rtt_${key}_us":${micros(seconds)}`);
  }
  parts.push(`"first":${first}`, `"last":${last}`);
  parts.push(`"packets":[${[...new Set(messages.map(({ packet }) => packet))].join()}]`);
  parts.push(`"messages":[${messages.map(messageJson).join()}]`);
  if (unlisted > 0) parts.push(`"messages_left_out":${unlisted}`);
  if (details) parts.push(`"details":${detailsJson(details)}`);
  return `{${parts.join()}}`;
}

function messageJson(message: Handshake['messages'][number]): string {
  const { packet, time, fromInitiator, isResent, name, note, between } = message;
  const parts = [
    `"packet":${packet}`,
    `"time_us":${micros(time)}`,
    `"from":"${fromInitiator ? 'initiator' : 'responder'}"`,
    `"name":${jsonText(name)}`,
  ];
  if (isResent) parts.push('"resent":true');
  if (between) parts.push(`"sender":${jsonText(between.from)}`, `"recipient":${jsonText(between.to)}`);
  if (note !== undefined) parts.push(`"note":${jsonText(note)}`);
  return `{${parts.join()}}`;
}

const detailsJson = (details: NonNullable<Handshake['details']>): string =>
  `{${Object.entries(details)
    .map(([key, value]) => `${jsonText(key)}:${typeof value === 'number' ? value : jsonText(value)}`)
    .join()}}`;
