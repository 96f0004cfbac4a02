import { encapsulationOf } from '../../dissectors/encapsulations.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import type { Columns } from '../index/columns.js';
import { PORTS_KNOWN } from '../index/known-columns.js';
import { isHost } from '../print/fields.js';
import { channelField } from './column-channel.js';
import { ANYTHING, type ColumnField, type ColumnSource, exactly, type Known, NOTHING } from './column-field.js';
import { handshakeField } from './column-handshake.js';

/** How the values of a field are told from the columns of a capture, if they can be. @param name as filters name it */
export function columnField(source: ColumnSource, name: string): ColumnField | undefined {
  return (
    frameField(source, name) ??
    findingField(name) ??
    layerField(source, name) ??
    handshakeField(source, name) ??
    channelField(source, name)
  );
}

function frameField({ index, interfaces, comments }: ColumnSource, name: string): ColumnField | undefined {
  switch (name) {
    case 'frame':
      return { kind: 'codes', column: ({ severity }) => severity, mask: 0, list: true, known: () => exactly(1) };
    case 'frame.number':
      return { kind: 'number', column: undefined };
    case 'frame.len':
      return { kind: 'number', column: ({ wire }) => wire };
    case 'frame.cap_len':
      return { kind: 'number', column: ({ captured }) => captured };
    case 'frame.time':
    case 'frame.time_epoch':
      return { kind: 'moment', since: 'epoch' };
    case 'frame.time_relative':
      return { kind: 'moment', since: 'first' };
    case 'frame.time_delta':
      return { kind: 'moment', since: 'before' };
    case 'frame.file':
      return ofInterface(interfaces, ({ file }) => file);
    case 'frame.interface_name':
      return ofInterface(interfaces, ({ name }) => name);
    case 'frame.link_type':
      return ofInterface(interfaces, ({ linkType }) => linkType);
    case 'frame.encap_type':
      return ofInterface(interfaces, ({ linkType }) => encapsulationOf(linkType));
    case 'frame.protocols': {
      const known = (code: number) => {
        const shape = index.shapes[code - 1];
        return shape ? exactly(shape.names.join(':')) : ANYTHING;
      };
      return { kind: 'codes', column: ({ shape }) => shape, mask: 0xffff, list: true, known };
    }
    case 'frame.comment':
      return {
        kind: 'rows',
        known: (row) => exactly(...(comments.get(index.base + row) ?? [])),
        keys: (from, to, keys) => {
          keys.fill(0, 0, to - from);
          if (comments.size > 0) {
            for (let row = from; row < to; row++) if (comments.has(index.base + row)) keys[row - from] = -1;
          }
        },
      };
    default:
      return undefined;
  }
}

function ofInterface(
  interfaces: ColumnSource['interfaces'],
  read: (one: CaptureInterface) => string | number | undefined,
): ColumnField {
  const known = (code: number) => {
    const on = interfaces[code];
    const value = on && read(on);
    return value === undefined ? NOTHING : exactly(value);
  };
  return { kind: 'codes', column: ({ interfaceId }) => interfaceId, mask: 0xffff, list: true, known };
}

/** The column tells the worst finding; there may be others, which are no worse. */
function findingField(name: string): ColumnField | undefined {
  if (name !== 'expert' && !name.startsWith('expert.')) return undefined;
  const known = (code: number): Known => {
    if (code === 0) return NOTHING;
    if (name === 'expert') return { sure: [1], perhaps: [1] };
    if (name !== 'expert.severity') return ANYTHING;
    return { sure: [SEVERITIES[code - 1] ?? ''], perhaps: SEVERITIES.slice(0, code) };
  };
  return { kind: 'codes', column: ({ severity }) => severity, mask: 0xff, list: false, known };
}

type Choose = (columns: Columns) => Uint16Array;

const PORTS: Readonly<Record<string, readonly [Choose, Choose?]>> = {
  srcport: [({ srcport }) => srcport],
  dstport: [({ dstport }) => dstport],
  port: [({ srcport }) => srcport, ({ dstport }) => dstport],
};
const ADDRESSES: Readonly<Record<string, readonly [Choose, Choose?]>> = {
  src: [({ source }) => source],
  dst: [({ destination }) => destination],
  addr: [({ source }) => source, ({ destination }) => destination],
};

function layerField({ index }: ColumnSource, name: string): ColumnField | undefined {
  const [layer = '', field = '', rest] = name.split('.');
  if (rest !== undefined) return undefined;
  if ((layer === 'ip' || layer === 'ipv6') && Object.hasOwn(ADDRESSES, field)) {
    const [one, other] = ADDRESSES[field] as readonly [Choose, Choose?];
    return {
      kind: 'pair',
      one,
      other,
      place: ({ names, network }) =>
        names.includes(layer) ? (names[network] === layer ? 'columns' : 'packet') : 'absent',
      flags: 0,
      value: (code) => index.addresses[code - 1],
    };
  }
  if ((layer === 'udp' || layer === 'tcp' || layer === 'sctp') && Object.hasOwn(PORTS, field)) {
    const [one, other] = PORTS[field] as readonly [Choose, Choose?];
    // The ports of UDP-Lite have the names of those of UDP.
    const hasPorts = (carrier: string): boolean => carrier === layer || isHost(carrier, layer);
    return {
      kind: 'pair',
      one,
      other,
      place: ({ names, transport }) => {
        if (!names.some(hasPorts)) return 'absent';
        const carrier = names[transport];
        return carrier !== undefined && hasPorts(carrier) ? 'columns' : 'packet';
      },
      flags: PORTS_KNOWN,
      value: (code) => code,
    };
  }
  return undefined;
}
