import { hex16 } from '../wire/view.js';
import { extensionName, groupName } from './names.js';
import type { Reader } from './reader.js';
import type { Words } from './words.js';

/** Which message extensions stand in: some mean something else in each. */
export type Where = 'client' | 'server' | 'retry' | 'ticket' | 'other';

type TellExtension = (reader: Reader, words: Words, where: Where) => void;

/** Tells the extensions that a message has, up to the end of the reader. Source: RFC 8446, section 4.2. */
export function tellExtensions(reader: Reader, words: Words, where: Where): void {
  const { view } = reader;
  while (reader.left >= 4) {
    const type = view.getUint16(reader.at);
    const length = view.getUint16(reader.at + 2);
    const name = extensionName(type) ?? `Unknown type ${type}`;
    reader.heading(`Extension: ${name} (len=${length})`, 4 + length, (inner) => {
      inner.number(words['extension.type']);
      inner.number(words['extension.len']);
      const tell = EXTENSIONS.get(type);
      if (tell) tell(inner, words, where);
      if (!tell || inner.left > 0) inner.bytes(words['extension.data'], inner.left);
    });
  }
}

const nothing: TellExtension = () => {};

const serverName: TellExtension = (reader, words) => {
  if (reader.left === 0) return;
  reader.number(words.extensions_server_name_list_len);
  while (reader.left > 0) {
    reader.number(words.extensions_server_name_type);
    reader.text(words.extensions_server_name, reader.number(words.extensions_server_name_len));
  }
};

const fragmentLength: TellExtension = (reader, words) => {
  reader.number(words.max_fragment_length);
};

const status: TellExtension = (reader, words, where) => {
  if (where !== 'client') return;
  const type = reader.number(words.extensions_status_request_type);
  if (type !== 1) return;
  reader.skip(reader.number(words.extensions_status_request_responder_ids_len));
  reader.skip(reader.number(words.extensions_status_request_exts_len));
};

const groups: TellExtension = (reader, words) => {
  const length = reader.number(words.extensions_supported_groups_length);
  reader.group(words.extensions_supported_groups, `Supported groups (${length >>> 1} groups)`, length, (list) => {
    while (list.left >= 2) list.number(words.extensions_supported_group);
  });
};

const pointFormats: TellExtension = (reader, words) => {
  const length = reader.number(words.extensions_ec_point_formats_length);
  reader.group(words.extensions_ec_point_formats, `Elliptic curves point formats (${length})`, length, (list) => {
    while (list.left > 0) list.number(words.extensions_ec_point_format);
  });
};

/** Tells a list of signature algorithms. Source: RFC 8446, section 4.2.3; RFC 5246, section 7.4.4. */
export const tellSignatures = (reader: Reader, words: Words): void => {
  const length = reader.number(words.sig_hash_alg_len);
  reader.group(words.sig_hash_algs, `Signature algorithms (${length >>> 1} algorithms)`, length, (list) => {
    while (list.left >= 2) tellSignature(list, words);
  });
};

/** Tells a signature algorithm with its two halves, which mean something up to TLS 1.2. */
export function tellSignature(reader: Reader, words: Words): void {
  const { sink, at } = reader;
  if (reader.left < 2) return reader.skip(2);
  const value = reader.view.getUint16(at);
  sink.openValue(words.sig_hash_alg, value, at, at + 2);
  reader.number(words.sig_hash_hash);
  reader.number(words.sig_hash_sig);
  sink.close();
}

const protocols: TellExtension = (reader, words) => {
  const length = reader.number(words.extensions_alpn_len);
  reader.group(words.extensions_alpn_list, 'ALPN protocols', length, (list) => {
    while (list.left > 0) list.text(words.extensions_alpn_str, list.number(words.extensions_alpn_str_len));
  });
};

const padding: TellExtension = (reader, words) => reader.bytes(words.extensions_padding_data, reader.left);

const preSharedKey: TellExtension = (reader, words, where) => {
  if (where !== 'client') {
    reader.number(words['extensions.psk.identity.selected']);
    return;
  }
  const length = reader.number(words['extensions.psk.identities.length']);
  reader.within(length, (list) => {
    while (list.left > 0) {
      const size = list.view.byteLength >= list.at + 2 && list.left >= 2 ? list.view.getUint16(list.at) : 0;
      list.heading(`PSK identity (length: ${size})`, 2 + size + 4, (one) => {
        const own = one.number(words['extensions.psk.identity.identity_length']);
        one.bytes(words['extensions.psk.identity.identity'], own);
        one.number(words['extensions.psk.identity.obfuscated_ticket_age']);
      });
    }
  });
  const binders = reader.number(words['extensions.psk.binders_len']);
  reader.group(words['extensions.psk.binders'], 'PSK binders', binders, (list) => list.skip(list.left));
};

const earlyData: TellExtension = (reader, words, where) => {
  if (where === 'ticket') reader.number(words['early_data.max_early_data_size']);
};

const versions: TellExtension = (reader, words, where) => {
  if (where !== 'client') {
    reader.number(words['extensions.supported_version']);
    return;
  }
  reader.within(reader.number(words['extensions.supported_versions_len']), (list) => {
    while (list.left >= 2) list.number(words['extensions.supported_version']);
  });
};

const cookie: TellExtension = (reader, words) => {
  reader.bytes(words['extensions.cookie'], reader.number(words['extensions.cookie_len']));
};

const pskModes: TellExtension = (reader, words) => {
  reader.within(reader.number(words['extension.psk_ke_modes_length']), (list) => {
    while (list.left > 0) list.number(words['extension.psk_ke_mode']);
  });
};

const keyShare: TellExtension = (reader, words, where) => {
  if (where === 'retry') reader.number(words.extensions_key_share_selected_group);
  else if (where === 'server') share(reader, words);
  else {
    reader.within(reader.number(words.extensions_key_share_client_length), (list) => {
      while (list.left > 0) share(list, words);
    });
  }
};

function share(reader: Reader, words: Words): void {
  const { view, at } = reader;
  if (reader.left < 4) return reader.skip(4);
  const group = view.getUint16(at);
  const length = view.getUint16(at + 2);
  const name = groupName(group) ?? `0x${hex16(group)}`;
  reader.heading(`Key share entry: group: ${name}, key exchange length: ${length}`, 4 + length, (entry) => {
    entry.number(words.extensions_key_share_group);
    const size = entry.number(words.extensions_key_share_key_exchange_length);
    entry.bytes(words.extensions_key_share_key_exchange, size);
  });
}

const renegotiation: TellExtension = (reader, words) => {
  const length = reader.number(words.extensions_reneg_info_len);
  if (length > 0) reader.bytes(words.extensions_reneg_info, length);
};

const compressions: TellExtension = (reader, words) => {
  reader.within(reader.number(words['compress_certificate.algorithms_length']), (list) => {
    while (list.left >= 2) list.number(words['compress_certificate.algorithm']);
  });
};

const recordSize: TellExtension = (reader, words) => {
  reader.number(words.record_size_limit);
};

const connectionId: TellExtension = (reader, words) => {
  const length = reader.number(words.connection_id_length);
  if (length > 0) reader.bytes(words.connection_id, length);
};

/** Source: RFC 9849, section 5. */
const encryptedHello: TellExtension = (reader, words, where) => {
  // Of the inner hello only the type is sent; servers confirm with 8 bytes.
  if (where !== 'client' || reader.number(words['ech.client_hello_type']) !== 0) return;
  reader.number(words['ech.kdf_id']);
  reader.number(words['ech.aead_id']);
  reader.number(words['ech.config_id']);
  reader.bytes(words['ech.enc'], reader.number(words['ech.enc_length']));
  reader.bytes(words['ech.payload'], reader.number(words['ech.payload_length']));
};

const EXTENSIONS: ReadonlyMap<number, TellExtension> = new Map([
  [0, serverName],
  [1, fragmentLength],
  [5, status],
  [10, groups],
  [11, pointFormats],
  [13, tellSignatures],
  [16, protocols],
  [21, padding],
  [22, nothing],
  [23, nothing],
  [27, compressions],
  [28, recordSize],
  [41, preSharedKey],
  [42, earlyData],
  [43, versions],
  [44, cookie],
  [45, pskModes],
  [49, nothing],
  [50, tellSignatures],
  [51, keyShare],
  [54, connectionId],
  [0xfe0d, encryptedHello],
  [0xff01, renegotiation],
]);
