import { knownFields } from '../analyzer/print/known-fields.js';
import { DIALECTS } from '../dissectors/channel/dialects.js';
import { NAMED_PROTOCOLS } from '../dissectors/named/protocols.js';
import type { Field } from '../dissectors/wire/field.js';
import { FINDINGS } from '../dissectors/wire/finding.js';
import { articlePage } from './article-page.js';
import { boundsPage } from './bounds-page.js';
import { conformancePage } from './conformance-page.js';
import { manualPage } from './manual.js';
import { table } from './table.js';

/** What is worth telling the user, by code. */
function findings(): string {
  const rows = Object.entries(FINDINGS).map(([code, { severity, group, about }]) => [
    `\`${code}\``,
    severity,
    group,
    about,
  ]);
  return `# Findings

What Handshark tells about a packet besides its fields, in \`expert\` of \`-T json\`, at the end of a row, in the tree, and
in the fields \`expert.code\`, \`expert.severity\` and \`expert.group\`. Codes are stable: scripts may rely on them.

Severities, least first: \`chat\` (the usual course of things), \`note\` (unusual, harmless), \`warn\` (something went wrong
or is left out), \`error\` (a packet contradicts itself or its checksum).

This page is printed from \`dissectors/wire/finding.ts\` by \`npm run docs\`.

${table(['code', 'severity', 'group', 'means'], rows)}
`;
}

const typeOf = ({ kind, size }: Field): string => {
  if (size === 'varint') return 'varint';
  if (kind === 'uint64') return 'u64';
  if (kind === 'uint' && typeof size === 'number' && size > 0) return `u${size * 8}`;
  return kind;
};

/** Every field that a filter or \`-e\` can name. */
function fields(): string {
  const known = [...knownFields()].sort(([one], [other]) => (one < other ? -1 : 1));
  const layers = new Map<string, (readonly string[])[]>();
  for (const [path, field] of known) {
    const layer = path.split('.', 1)[0] ?? '';
    const rows = layers.get(layer) ?? [];
    rows.push([`\`${path}\``, typeOf(field), field.label]);
    layers.set(layer, rows);
  }
  const sections = [...layers].map(([layer, rows]) => `## ${layer}\n\n${table(['field', 'type', 'name'], rows)}`);
  return `# Fields

Every field that \`-e\` and filters can name. Those of lower layers have Wireshark's names, units and meanings. Integers
are big-endian on the wire; \`id\` is hex digits, \`uint\` without a size is worked out, not read.

This page is printed from the layouts in \`dissectors/\` by \`npm run docs\`.

${sections.join('\n\n')}
`;
}

/** The messages of each dialect, field by field. */
function messages(): string {
  const sections = DIALECTS.map(({ name, version, protocolId, messages: kinds }) => {
    const rows = kinds.map(({ name: message, code, body }) => [
      `${code}`,
      message,
      body.list
        .filter(({ key }) => !key.includes('.'))
        .map(({ key, size }) => `${key}:${typeof size === 'object' ? size.by : size}`)
        .join(' '),
    ]);
    const id = protocolId.toString(16).padStart(8, '0');
    return `## ${name}\n\nProtocol id \`${id}\`, version string \`${version}\`.\n\n${table(['type', 'message', 'body, sizes in bytes'], rows)}`;
  });
  return `# Messages by dialect

This page is printed from the layouts in \`dissectors/channel/\` by \`npm run docs\`.

${sections.join('\n\n')}
`;
}

/** What a number leads to, where it does. */
const numbersText = (word: string, numbers: readonly number[] = []): string =>
  numbers.length === 0 ? '' : `${word} ${numbers.join(', ')}`;

/** The protocols that are named and not read. */
function named(): string {
  const rows = NAMED_PROTOCOLS.map(({ name, label, title, udp, tcp, ip, type, anyUdp, anyTcp, flow }) => {
    const types = type?.map((number) => `0x${number.toString(16)}`).join(', ');
    const leads = [
      numbersText('UDP', udp),
      numbersText('TCP', tcp),
      numbersText('IP', ip),
      types ? `EtherType ${types}` : '',
      anyUdp && anyTcp ? 'its first bytes' : anyUdp ? 'its first bytes, over UDP' : '',
      anyTcp && !anyUdp ? 'its first bytes, over TCP' : '',
      flow !== undefined ? 'what another message announces' : '',
    ].filter((text) => text !== '');
    return [`\`${name}\``, label, title, leads.join('; ')];
  });
  return `# Protocols that are only named

Traffic beside the handshakes is not read, but it is named, so that a list can be read: the column of protocols and
filters have Wireshark's names. Ports are a hint, so where a protocol has marks of its own (a version, a magic number, a
method of HTTP) they must be there as well. A channel packet, and what tunnels and other protocols are known by, comes
first. Where a number leads nowhere, the first bytes may tell.

This page is printed from \`dissectors/named/protocols.ts\` by \`npm run docs\`.

${table(['name', 'in the list', 'protocol', 'known by'], rows)}
`;
}

/** The pages that are printed whole, by file name. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'findings.md': findings,
  'fields.md': fields,
  'messages.md': messages,
  'named-protocols.md': named,
  'conformance.md': conformancePage,
  'bounds.md': boundsPage,
  'handshark.1': manualPage,
};

/** The pages that hold what commands print, by file name. */
export const PLAYED_PAGES: Readonly<Record<string, () => Promise<string>>> = { 'article.md': articlePage };

/** The pages that are written by hand but for their tables. */
export const PAGES_WITH_TABLES: readonly string[] = ['ui.md', 'config.md', 'export.md'];
