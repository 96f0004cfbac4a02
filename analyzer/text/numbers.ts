/** A whole number with its digits in groups of three. */
export const grouped = (value: number): string => `${value}`.replaceAll(/\B(?=(\d{3})+$)/g, ',');
