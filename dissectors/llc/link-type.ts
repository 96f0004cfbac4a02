/** Frames that start with LLC: the link type of multiprotocol encapsulation over ATM (RFC 2684). */
export const LINK_TYPE_LLC = 100;
