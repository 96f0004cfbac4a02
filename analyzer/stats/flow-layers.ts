/** What endpoints and conversations can be counted by: layers, the peers of channel packets, and channels. */
export const FLOW_LAYERS = ['eth', 'ip', 'ipv6', 'udp', 'tcp', 'sctp', 'chan', 'channel'] as const;
export type FlowLayer = (typeof FLOW_LAYERS)[number];
