export const LINK_TYPE_CHDLC = 104;
