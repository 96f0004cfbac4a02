import { type FieldTexts, textsOf } from '../print/field-texts.js';
import type { Step } from '../print/ladder.js';
import { LadderSteps } from '../print/ladder-steps.js';
import type { Packet } from '../print/packet.js';
import { infoForList, summarize } from '../print/row.js';
import { packetTree } from '../print/tree.js';
import type { Moment } from '../secrets/secrets.js';
import type { Detail, Row } from '../store/capture-view.js';
import { elapsed } from '../text/elapsed.js';
import { printable } from '../text/printable.js';

/**
 * The row of a packet.
 * @param origin from when its time counts
 * @param rule the place of the rule that passes it
 */
export function rowOfPacket(packet: Packet, origin: Moment, fields: readonly string[], rule: number): Row {
  const { source, destination, protocol, severity } = summarize(packet);
  const { number, seconds, nanos, wire } = packet;
  return {
    number,
    // To the microsecond.
    time: elapsed(origin.seconds, origin.nanos, seconds, nanos).slice(0, -3),
    seconds,
    nanos,
    source: printable(source),
    destination: printable(destination),
    protocol: printable(protocol),
    length: wire,
    info: printable(infoForList(packet)),
    severity,
    fields: fields.map((name) => textOfField(packet, name)),
    rule,
  };
}

export const detailOf = (packet: Packet): Detail => ({
  number: packet.number,
  lines: packetTree(packet),
  sources: packet.dissection.sources,
  channels: packet.facts.channels.map(({ number }) => number),
  linkType: packet.on?.linkType ?? -1,
  moment: { seconds: packet.seconds, nanos: packet.nanos },
  secrets: packet.secrets,
});

/** The messages of a packet as steps of a sequence diagram. */
export function stepsOf(packet: Packet): readonly Step[] {
  const ladder = new LadderSteps({ all: true });
  ladder.take(packet);
  return ladder.ladder().steps;
}

/** What gives the texts of the fields that lists have columns of; the user can name no others than there are. */
const TEXTS = new Map<string, FieldTexts>();

/** The values of a field in a packet, with commas between. */
function textOfField(packet: Packet, name: string): string {
  const known = TEXTS.get(name);
  const texts = known ?? textsOf(name);
  if (!known) TEXTS.set(name, texts);
  return printable(texts(packet).join(','));
}
