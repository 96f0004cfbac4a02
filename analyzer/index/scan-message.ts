import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Secret } from '../track/secrets.js';
import type { Scanned } from './scan.js';

/** What a scan worker is to do. */
export interface ScanTask {
  readonly path: string;
  /** What to call the capture, where its path says nothing. */
  readonly title?: string;
  /** Those of the files that were named; those inside the capture the worker finds. */
  readonly secrets: readonly Secret[];
  readonly dialect?: DialectName;
  readonly track: boolean;
  readonly seed: number;
  readonly follow: boolean;
  /** How often a followed file is looked at, in milliseconds. */
  readonly interval?: number;
}

/** What a scan worker tells, in this order: opened, batches, ended. */
export type ScanMessage =
  | {
      readonly type: 'opened';
      /** A descriptor of the uncompressed bytes, valid in every thread while the worker lives. */
      readonly descriptor: number;
      readonly secrets: readonly Secret[];
    }
  | {
      readonly type: 'batch';
      readonly scanned: Scanned;
      readonly progress: number | undefined;
      /** Those that came since the last batch. */
      readonly interfaces: readonly CaptureInterface[];
      readonly comments: readonly (readonly [number, readonly string[]])[];
    }
  | { readonly type: 'ended'; readonly problem: string | undefined; readonly forgotten: number };
