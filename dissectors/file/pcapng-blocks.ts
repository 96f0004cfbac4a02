/** Block types. Source: draft-ietf-opsawg-pcapng, "Standardized Block Type Codes". */
export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
export const OBSOLETE_PACKET = 2;
export const SIMPLE_PACKET = 3;
export const NAME_RESOLUTION = 4;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;
export const DECRYPTION_SECRETS = 10;
export const CUSTOM_COPIED = 0xbad;
/** An entry of a systemd journal. */
export const JOURNAL_EXPORT = 9;
export const CUSTOM_KEPT = 0x40000bad;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** Type and length before the body of a block, length after it. */
export const BLOCK_OVERHEAD = 12;

/** The kind of secrets that hold the text of a secrets file: `PSEC`. Source: protocol page, "Secrets file". */
export const CHANNEL_SECRETS = 0x50534543;

/** The kind of secrets that hold the text of a WireGuard key log. Source: draft-ietf-opsawg-pcapng, "Decryption Secrets Block". */
export const WIREGUARD_SECRETS = 0x57474b4c;

export const OPTION_END = 0;
export const OPTION_COMMENT = 1;

export const padded = (length: number): number => length + (-length & 3);
