import { expect, test } from 'vitest';
import { DIALECTS, dialectNamed, dialectOf } from '../../dissectors/channel/dialects.js';

test.each(DIALECTS.map((dialect) => [dialect.name, dialect] as const))(
  '%s is found by its id and by its name',
  (name, dialect) => {
    expect(dialectOf(dialect.protocolId)).toBe(dialect);
    expect(dialectNamed(name)).toBe(dialect);
    for (let bit = 0; bit < 32; bit++) expect(dialectOf((dialect.protocolId ^ (1 << bit)) >>> 0)).toBeUndefined();
  },
);
