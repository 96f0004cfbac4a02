import type { ByteSource } from './byte-source.js';

export const ENGINE_NAMES = ['dumpcap', 'tcpdump', 'cap'] as const;
/** Programs and libraries that can capture, the preferred first. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** One interface that packets are to be captured on. */
export interface Tap {
  readonly name: string;
  /** In libpcap's filter syntax. */
  readonly filter?: string;
  /** Bytes kept of a packet. */
  readonly snapLength?: number;
  /** As libpcap names it: `EN10MB`. */
  readonly linkType?: string;
  /** Of the system, in MiB. */
  readonly bufferSize?: number;
}

/** What is to be captured. */
export interface CaptureRequest {
  readonly taps: readonly Tap[];
  readonly promiscuous: boolean;
  readonly monitor: boolean;
  /** As libpcap names it: `adapter`. */
  readonly timeStampType?: string;
}

/** Why an engine does not take a request. */
export interface Refusal {
  /**
   * `missing`: the engine is not there. `denied`: the user may not. `unable`: this engine cannot do it, another may.
   * `filter`: the capture filter is wrong. `failed`: no engine could do it.
   */
  readonly kind: 'missing' | 'denied' | 'unable' | 'filter' | 'failed';
  /** The interface, filter or option that is the matter. */
  readonly where: string;
  readonly why: string;
}

/** What an engine has counted; what it cannot tell is left out. */
export interface EngineCounts {
  /** Packets that passed the filter, lost ones among them. */
  readonly received?: number;
  /** Packets lost for lack of room. */
  readonly dropped?: number;
}

/** A capture that runs. */
export interface EngineCapture {
  readonly engine: EngineName | 'pipe';
  /** What the time of a packet is: `by the system, in nanoseconds`. */
  readonly timeStamps: string;
  /** How long a packet may lie in a buffer before it comes, in milliseconds, if nothing else keeps it. */
  readonly lag: number;
  /** Whether times are those of the system, in their order: the first packet after a moment says that all before have come. */
  readonly isTimed: boolean;
  /** A pcapng stream. It ends when the capture does, in the middle of a block if it was torn off. */
  readonly bytes: ByteSource;
  counts(): EngineCounts;
  /** Asks for the end; what lies in the buffer of the system may be lost. */
  stop(): void;
  /** Why it ended on its own account; undefined where it was asked to. Comes after the last byte. */
  readonly ended: Promise<string | undefined>;
}

/** A link type that an interface can give, as libpcap names and describes it. */
export interface LinkType {
  readonly name: string;
  readonly about: string;
}

/** Something that captures packets, in a process of its own. */
export interface CaptureEngine {
  readonly name: EngineName;
  /** Looks whether a request can be done, before anything starts; undefined if nothing stands against it. */
  check(request: CaptureRequest): Promise<Refusal | undefined>;
  /** What an interface can give, the default first; asked of the interface, so this says too whether it may be used. */
  linkTypes(name: string): Promise<readonly LinkType[] | Refusal>;
  /** @throws {CaptureRefused} if it cannot be started */
  start(request: CaptureRequest): Promise<EngineCapture>;
}

/** A capture could not be started. */
export class CaptureRefused extends Error {
  override readonly name = 'CaptureRefused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.where}: ${refusal.why}`);
    this.refusal = refusal;
  }
}

/**
 * The buffer that an engine asks the system for unless told otherwise, in MiB: room for what comes while a screen is
 * drawn on a busy machine. A burst of 200,000 packets of 500 bytes takes 128 MiB.
 */
export const BUFFER_SIZE = 256;
