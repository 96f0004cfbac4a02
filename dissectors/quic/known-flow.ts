/**
 * The key of the table `flow` for flows that are known to be QUIC's: in them any first byte is. Those of applications
 * whose flows have readers are their places, which are few.
 */
export const KNOWN_FLOW = 443;
