/** A line of CSV, without its end. Values with a comma, a quote or a line end are quoted. Source: RFC 4180, section 2. */
export const csvLine = (values: readonly string[]): string => values.map(csvValue).join();

const PLAIN = /^[^",\r\n]*$/;

const csvValue = (value: string): string => (PLAIN.test(value) ? value : `"${value.replaceAll('"', '""')}"`);
