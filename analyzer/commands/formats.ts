/** What packets can be printed as. */
export const FORMATS = ['text', 'json', 'fields', 'csv', 'ek', 'pdml', 'psml', 'jsonraw', 'tabs'] as const;
export type Format = (typeof FORMATS)[number];
