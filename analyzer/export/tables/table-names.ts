/** The tables that captures become. */
export const TABLES = ['packets', 'messages', 'channels', 'handshakes', 'findings'] as const;
export type TableName = (typeof TABLES)[number];

/** Those that are made of what is followed from packet to packet. */
export const FOLLOWED_TABLES: ReadonlySet<TableName> = new Set(['channels', 'handshakes']);
