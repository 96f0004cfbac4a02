import type { RelayAction } from '../../crafter/link/relay-rules.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { TimeFormat } from '../print/time-format.js';

/** A rule as the command line says it: an option that begins one, and those after it that belong to it. */
export interface RuleWords {
  readonly kind: RelayAction<never>['kind'];
  /** A display filter; for `set` a change of a field. */
  readonly text: string;
  where?: string;
  times?: number;
  skip?: number;
  by?: number;
}

/** The options of `handshark proxy`. */
export interface ProxyOptions {
  readonly loss: number;
  readonly seed?: number;
  readonly filter?: string;
  readonly format?: 'text' | 'json';
  readonly tree?: boolean;
  readonly hex?: boolean;
  readonly time: TimeFormat;
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
  readonly write?: string;
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
  readonly count?: number;
}
