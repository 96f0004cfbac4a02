import { PROTOCOL_HIP, PROTOCOL_NONE } from '../ipv4/protocols.js';
import type { Form } from '../layer.js';
import { fold16, internetChecksum, sum16 } from '../wire/checksum.js';
import { bytes, type Field, u8, u16, u32, type Value } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { ESP_INFO, hipHeader, PUZZLE, SOLUTION, zeroMarker } from './layout.js';

const fixedTo = (field: Field<number>, value: number): Field<number> => ({
  ...field,
  write: (view: DataView, at: number) => field.write(view, at, value),
});

const HEAD = 4;
type Fields = Parameters<typeof layout>[1];

/** A parameter of a type around fields of `size` bytes, filled up to a multiple of 8. */
function parameter(type: number, size: number, fields: Fields): Layout {
  const padding = -(HEAD + size) & 7;
  return layout('hip', {
    type: fixedTo(u16('Parameter type'), type),
    'tlv.length': fixedTo(u16('Parameter length'), size),
    ...fields,
    ...(padding > 0 && { padding: bytes('Padding', padding) }),
  });
}

/** A puzzle whose random number is so many bytes long: as long as the hash of the responder's suite. */
const puzzleOf = (size: number): Layout =>
  parameter(PUZZLE, 4 + size, {
    tlv_puzzle_k: u8('Difficulty (K)'),
    tlv_puzzle_lifetime: u8('Lifetime'),
    tlv_puzzle_opaque: u16('Opaque', 'hex'),
    'tlv.puzzle_random_i': bytes('Random number (I)', size),
  });

const solutionOf = (random: number, solution: number): Layout =>
  parameter(SOLUTION, 4 + random + solution, {
    tlv_solution_k: u8('Difficulty (K)'),
    tlv_solution_reserved: u8('Reserved'),
    tlv_solution_opaque: u16('Opaque', 'hex'),
    'tlv.solution_random_i': bytes('Random number (I)', random),
    tlv_solution_j: bytes('Solution (J)', solution),
  });

const espInfo = parameter(ESP_INFO, 12, {
  tlv_esp_info_reserved: u16('Reserved', 'hex'),
  tlv_esp_info_key_index: u16('Key index', 'hex'),
  tlv_esp_info_old_spi: u32('Old SPI', 'hex'),
  tlv_esp_info_new_spi: u32('New SPI', 'hex'),
});

/** In bytes: SHA-256, the hash of the suite that everybody must have. */
const USUAL = 32;
/** In bytes: a longer number would be no hash of any suite. */
const MOST = 255;
const sizeOf = (value: Value | undefined): number =>
  value instanceof Uint8Array && value.length <= MOST ? value.length : USUAL;

/** A packet with the parameters that values are given for; the first bytes are a marker where it goes over UDP. */
export const HIP_FORM: Form = {
  layouts: [zeroMarker, hipHeader, espInfo, puzzleOf(USUAL), solutionOf(USUAL, USUAL)],
  layoutsOf: (given) => [
    ...('udp.marker' in given ? [zeroMarker] : []),
    hipHeader,
    ...('tlv_esp_info_new_spi' in given ? [espInfo] : []),
    ...('tlv.puzzle_random_i' in given ? [puzzleOf(sizeOf(given['tlv.puzzle_random_i']))] : []),
    ...('tlv_solution_j' in given
      ? [solutionOf(sizeOf(given['tlv.solution_random_i']), sizeOf(given.tlv_solution_j))]
      : []),
  ],
  filled: (size, given) => ({
    proto: PROTOCOL_NONE,
    hdr_len: Math.max(0, ((size - (given && 'udp.marker' in given ? zeroMarker.size : 0)) >> 3) - 1),
    packet_type: 1,
    version: 2,
    shim6_fixed_s: 1,
    type: 0,
    'tlv.length': 0,
  }),
  // In UDP it stays zero. Source: RFC 7401, section 5.1.1; RFC 9028, section 5.1.
  sealed: (view, at, end, given, addressSum) => {
    if (given.checksum !== undefined || 'udp.marker' in given) return;
    const stop = Math.min(end, at + 8 * (hipHeader.fields.hdr_len.read(view, at) + 1));
    const sum = addressSum + PROTOCOL_HIP + (stop - at) + sum16(view, at, stop);
    hipHeader.fields.checksum.write(view, at, internetChecksum(fold16(sum)));
  },
};
