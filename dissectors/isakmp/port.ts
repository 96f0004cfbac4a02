/** The port of IKE. Source: RFC 7296, section 2. */
export const PORT_ISAKMP = 500;
