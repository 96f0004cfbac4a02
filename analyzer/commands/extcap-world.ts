import { Writable } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

/** What Wireshark says when it calls. */
export interface ExtcapOptions {
  readonly extcapInterfaces?: boolean;
  readonly extcapInterface?: string;
  readonly extcapDlts?: boolean;
  readonly extcapConfig?: boolean;
  readonly capture?: boolean;
  readonly fifo?: string;
  readonly extcapCaptureFilter?: string;
  readonly extcapControlIn?: string;
  readonly extcapControlOut?: string;
  readonly listen: string;
  readonly peerId: string;
  readonly secretFile?: string;
  readonly dialect: DialectName;
  readonly echo?: boolean;
  readonly mode: Mode;
  readonly loss: string;
  readonly channels: string;
  readonly messages: string;
  readonly seed: string;
  readonly remoteHost?: string;
  readonly remotePort?: string;
  readonly remoteInterface?: string;
  readonly remoteCommand?: string;
  readonly file?: string;
  readonly speed: string;
  readonly secrets?: string;
}

/** What a capture has of the world. */
export interface ExtcapWorld {
  readonly io: Io;
  /** Where the capture goes. */
  readonly fifo: string;
  readonly signal: AbortSignal;
  /** Tells what happens: in Wireshark's status bar, where there is one. */
  readonly tell: (text: string) => void;
  /** Ends the capture: nobody reads it any more. */
  readonly end: () => void;
  /** Waits while the toolbar holds the capture. */
  readonly held: () => Promise<void> | undefined;
}

/** Reads the value of an option. @throws {UsageError} where it is none */
export function optionValue<T>(option: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UsageError(`${option}: ${text}: ${error.message}`);
    throw error;
  }
}

/** Where goes what nobody wants. */
export const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
