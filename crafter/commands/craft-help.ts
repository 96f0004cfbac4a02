import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { MessageKind, MessageName } from '../../dissectors/channel/messages.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { DECLARED, declaredFields } from '../declared-part.js';
import { FAULTS } from '../fault-names.js';
import { MESSAGE_PROTOCOLS, messageWordsOf } from '../protocol-messages.js';
import { HEADER_FIELDS } from './craft-fields.js';
import { LAYERS, layerKind } from './craft-layers.js';
import { OPTIONS } from './craft-options.js';
import { type KeyedField, optionOf } from './field-value.js';
import { MORE_LAYERS } from './more-layers.js';

const EXAMPLES = `  handshark craft new --from alice --to bob --c1 1a2b --secret 00ff
  handshark craft cookie data hello --id 1a2b3c4d --secret '"shared"' --mode tcp -w early.pcap
  handshark craft data hello --id 1a2b3c4d --fault flip:7 --layer ip:src=192.0.2.1,dst=192.0.2.2 --layer udp:dstport=4242
  handshark craft finalize --dialect channeler --id 1a2b3c4d --cookie2 deadbeef --udp 192.0.2.1:4242
  handshark craft --from-capture old.pcap --packet 7 --sequence 9
  handshark craft --layer eth --layer ip:dst=192.0.2.2 --layer tcp:dstport=80,flags=S,options=mss:1460 -w syn.pcap
  handshark craft new --count 1000 --vary c1=counter --layer ip --layer udp --vary ip.src=10.0.0.0/24 -w news.pcap
  handshark craft --from-capture old.pcap --packet 7 --fuzz 1000 --seed 7 -w fuzzed.pcap
  handshark craft new --from alice --to bob --c1 1a2b --udp 127.0.0.1:4242 --answer
  handshark craft wg initiation --sender 7 --udp 192.0.2.1:51820 --answer
  handshark craft tcp syn --dstport 80 --options mss:1460 --layer eth --layer ip:dst=192.0.2.2 -w syn.pcap
  handshark craft forge --dialect channeler --cookie 1eae9190 --initiator alice --responder bob --id 1a2b3c4d`;

/** The help of `craft`. Messages and fields are those of the layouts. */
export const craftHelp = (): string => `usage: handshark craft MESSAGE [FIELDS] [MESSAGE [FIELDS]]… [OPTIONS]
       handshark craft forge --help

Builds a channel packet with these messages, and the layers given around it. Whatever is not said is derived or zero;
whatever is said is sent, however wrong. A field after a message is that message's; one before all messages, or one that
the last message does not have, holds for all that have it.

Messages:
${(Object.keys(CODES) as MessageName[]).map(messageLines).join('\n')}
  unknown TYPE [HEX]

Messages of other protocols, one in place of those above; their options are the fields of their header (see below):
${MESSAGE_PROTOCOLS.map((name) => `  ${name.padEnd(10)} ${messageWordsOf(name)?.join(' ')}`).join('\n')}

Fields of the packet:
${wrap(HEADER_FIELDS)}

Options:
${Object.entries(OPTIONS)
  .map(([name, { about, value }]) => `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(32)} ${about}`)
  .join('\n')}
  -w, -i, -c, -r, -h: short for --write, --interface, --count, --from-capture, --help

Layers and their fields:
${[...Object.keys(LAYERS), ...MORE_LAYERS.filter((name) => !DECLARED.includes(name))].map(layerLine).join('\n')}

Headers for --layer and --payload, as their dissectors declare them:
${DECLARED.map(
  (name) =>
    `  ${name.padEnd(10)} ${declaredFields(name)
      ?.map(({ key }) => key)
      .join(' ')}`,
).join('\n')}

Faults:
${faultLines().join('\n')}

Examples:
${EXAMPLES}
`;

/** A layer with its fields, and with what it takes besides them. */
function layerLine(name: string): string {
  const kind = layerKind(name);
  const keys = [...(kind?.fields.map(({ key }) => key) ?? []), ...Object.keys(kind?.extra ?? {})];
  return `  ${name.padEnd(10)} ${[...new Set(keys)].join(' ')}`;
}

const VALUE_AFTER: Partial<Record<MessageName, string>> = {
  DATA: ' [TEXT]',
  CHANNEL_CLOSE: ' [REASON]',
  DATA_PROGRESS: ' [NEXT]',
  DATA_WINDOW: ' [WINDOW]',
};

/** A message with its fields; dialects that differ get a line each. */
function messageLines(name: MessageName): string {
  const word = name.toLowerCase().replace(/^(channel|data)_/, '');
  const forms = new Map<string, string[]>();
  for (const { name: dialect, messages } of DIALECTS) {
    const kind = messages.find((known) => known.name === name);
    if (kind) forms.set(fieldsText(kind), [...(forms.get(fieldsText(kind)) ?? []), dialect]);
  }
  const lines = [...forms].map(([fields, dialects]) => `      ${fields}   (${dialects.join(', ')})`);
  return `  ${word}${VALUE_AFTER[name] ?? ''}\n${lines.join('\n')}`;
}

const fieldsText = ({ body }: MessageKind): string => body.list.map(fieldText).join(' ');

/** A field with the bytes that it takes; `…` where that depends on the value. */
function fieldText(field: KeyedField): string {
  return `--${optionOf(field)}${sizeText(field)}`;
}

function sizeText({ kind, size, mask }: KeyedField): string {
  if (kind === 'bool') return '';
  if (typeof size !== 'number') return ':…';
  // A half of an id is a field over the whole of it.
  return `:${mask === 0 ? size : Math.ceil(bitsIn(mask) / 8)}`;
}

const bitsIn = (mask: number): number => (mask >>> 0).toString(2).replaceAll('0', '').length;

const wrap = (fields: readonly KeyedField[]): string => `  ${fields.map(fieldText).join(' ')}`;

const faultLines = (): readonly string[] =>
  Object.entries(FAULTS).map(([name, { about, argument }]) => {
    const form = argument === 'none' ? name : argument === 'needed' ? `${name}:N` : `${name}[:N]`;
    return `  ${form.padEnd(22)}${about}`;
  });
