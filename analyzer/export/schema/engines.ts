/** The databases whose SQL is known. */
export const ENGINES = ['duckdb', 'clickhouse', 'spark'] as const;
export type Engine = (typeof ENGINES)[number];
