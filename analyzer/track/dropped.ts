import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENCRYPTED } from '../../dissectors/channel/packet.js';
import { isReserved, numberIn } from './attempts.js';
import type { Step } from './step.js';

/** Whether its recipient drops a packet before anything in it takes effect. Source: protocol page, section 4. */
export function isDropped(step: Step): boolean {
  const { packet, sender } = step;
  const { stop, checksumStatus, id = 0, flags = 0, messages, findings } = packet;
  if (stop?.why === 'malformed' || checksumStatus === 'bad' || (flags & ENCRYPTED) !== 0) return true;
  if (sender.isAt(packet.view, packet.at + 20)) return true;
  if (hasOneHalfReserved(id)) return true;
  // Everything else that makes a peer drop a packet was found by the dissector.
  if (findings.length === 0) return false;
  for (const message of messages) if (isBroken(packet, message) || namesOneHalfReserved(step, message)) return true;
  for (const { code } of findings) if (code === 'varint-bad') return true;
  return false;
}

const hasOneHalfReserved = (id: number): boolean => id !== DEFAULT_CHANNEL && isReserved(id);

/** Whether a message is cut off by the end of the payload. The reference does not check the length of DATA. */
const isBroken = ({ dialect }: ChannelPacket, { stop, code }: Message): boolean =>
  stop?.why === 'malformed' && !(dialect.name === 'channeler' && code === CODES.DATA && stop.what === 'chan.data');

function namesOneHalfReserved(step: Step, message: Message): boolean {
  const id = numberIn(step, message, 'id');
  return id !== undefined && hasOneHalfReserved(id);
}
