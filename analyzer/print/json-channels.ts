import { modeOf } from '../../dissectors/channel/capabilities.js';
import { micros } from '../text/elapsed.js';
import { type Channel, channelIdText, type Direction, newDirection } from '../track/channel.js';
import { capabilitiesJson } from './json-message.js';

/** A channel as one line of JSON. Source: the command line page, "`-T json`". */
export function channelJson(channel: Channel): string {
  const { number, dialect, initiator, responder, c1, c2, state, caps, first, last } = channel;
  const { cookie1Status, cookie2Status, rttNewAcknowledge, rttAcknowledgeFinalize } = channel;
  const parts = [
    `"number":${number}`,
    `"dialect":"${dialect.name}"`,
    `"id":"${channelIdText(c1, c2)}"`,
    `"initiator":"${initiator.id}"`,
    `"responder":"${responder.id}"`,
    `"state":"${state}"`,
  ];
  if (caps !== undefined) parts.push(`"mode":"${modeOf(caps)}"`, `"caps":${capabilitiesJson(caps)}`);
  if (cookie1Status) parts.push(`"cookie1_status":"${cookie1Status}"`);
  if (cookie2Status) parts.push(`"cookie2_status":"${cookie2Status}"`);
  parts.push(`"first":${first}`, `"last":${last}`);
  if (rttNewAcknowledge !== undefined) parts.push(`"rtt_new_ack_us":${micros(rttNewAcknowledge)}`);
  if (rttAcknowledgeFinalize !== undefined) parts.push(`"rtt_ack_final_us":${micros(rttAcknowledgeFinalize)}`);
  parts.push(`"from_initiator":${directionJson(channel.fromInitiator)}`);
  parts.push(`"from_responder":${directionJson(channel.fromResponder)}`);
  return `{${parts.join()}}`;
}

function directionJson(direction: Direction = newDirection()): string {
  const { packets, bytes, dataPackets, dataBytes, duplicates, lost, reordered, resent } = direction;
  return `{"packets":${packets},"bytes":${bytes},"data_packets":${dataPackets},"data_bytes":${dataBytes},"duplicates":${duplicates},"lost":${lost},"reordered":${reordered},"resent":${resent}}`;
}
