/** What can be counted. */
export const STATS_KINDS = ['hierarchy', 'endpoints', 'conversations', 'io', 'handshakes', 'expert'] as const;
export type StatsKind = (typeof STATS_KINDS)[number];
