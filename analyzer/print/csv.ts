/**
 * A line of CSV, without its end. Values with a separator, a quote or a line end are quoted.
 * Source: RFC 4180, section 2.
 */
export const csvLine = (values: readonly string[], separator = ','): string =>
  values.map((value) => csvValue(value, separator)).join(separator);

const csvValue = (value: string, separator: string): string =>
  value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
