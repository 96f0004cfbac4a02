import type { Outcome, Received } from './outcome.js';
import { step } from './run.js';
import { newRun, type Run, type RunEffect, type RunEvent } from './run-state.js';
import type { CommandName, Script, Step } from './script.js';
import type { FieldValue } from './shape.js';

/** A packet of a play, as a capture shows it. */
export interface PlayedPacket {
  /** In milliseconds since the start. */
  readonly at: number;
  readonly way: 'sent' | 'came';
  /** Such as `10.0.0.1:4242`. */
  readonly from: string;
  readonly to: string;
  readonly bytes: Uint8Array;
  /** Whether the script lets it be lost on the way. */
  readonly isLost: boolean;
}

/** A line that was done, or a packet that was passed over; in the order of happening. */
export interface Deed {
  /** In milliseconds since the start. */
  readonly at: number;
  readonly step: Step | undefined;
  readonly packet: Received | undefined;
}

/** A secret that makes cookies in a play. */
export interface PlayedSecret {
  readonly peer: Uint8Array;
  readonly secret: Uint8Array;
}

/** A script that was played to its end. */
export interface Play {
  readonly script: Script;
  readonly seed: number;
  readonly outcome: Outcome;
  readonly packets: readonly PlayedPacket[];
  readonly deeds: readonly Deed[];
  /** Which step sent a packet. */
  readonly sentBy: ReadonlyMap<Uint8Array, Step>;
  readonly secrets: readonly PlayedSecret[];
  /** In milliseconds. */
  readonly duration: number;
}

/** What a player does about the effects of a run: virtual time and real sockets do it differently. */
export interface Stage {
  readonly send: (bytes: Uint8Array, via: number) => void;
  /** Calls `tick` then; as often as asked. */
  readonly wakeAt: (time: number) => void;
  /** Tells the peer to do something; says why if it cannot. */
  readonly command: (name: CommandName, given: Readonly<Record<string, FieldValue>>) => string | undefined;
  readonly done: () => void;
  /** Told of every packet on the wire, at once. */
  readonly saw?: (packet: PlayedPacket) => void;
}

/** Feeds a run with events, performs its effects on a stage, and remembers what happened. */
export class Player {
  readonly #stage: Stage;
  #run: Run;
  readonly #packets: PlayedPacket[] = [];
  readonly #deeds: Deed[] = [];
  readonly #sentBy = new Map<Uint8Array, Step>();
  #endedAt: number | undefined;

  constructor(script: Script, seed: number, stage: Stage) {
    this.#run = newRun(script, seed);
    this.#stage = stage;
  }

  /** Who plays the script. */
  get local(): Uint8Array {
    return this.#run.local;
  }

  get outcome(): Outcome | undefined {
    return this.#run.outcome;
  }

  take(event: RunEvent, now: number): void {
    if (this.#run.outcome) return;
    const [run, effects] = step(this.#run, event, now);
    this.#run = run;
    for (const effect of effects) {
      if (this.#endedAt !== undefined) return;
      this.#perform(effect, now);
    }
  }

  /** Notes a packet on the wire, before the run is told; says whether it is to go on. */
  saw(packet: Omit<PlayedPacket, 'at' | 'isLost'>, now: number): boolean {
    if (this.#endedAt !== undefined) return true;
    const number = this.#packets.length + 1;
    const isLost = this.#run.script.drops.some(({ from, to }) => number >= from && number <= to);
    const seen = { ...packet, at: now - this.#run.startedAt, isLost };
    this.#packets.push(seen);
    this.#stage.saw?.(seen);
    return !isLost;
  }

  /**
   * What was played.
   * @param otherwise how it ended if it did not end by itself
   * @param others secrets that are known besides those of the script
   */
  play(otherwise: Outcome, others: readonly PlayedSecret[] = []): Play {
    const { script, seed, outcome = otherwise, local, secret, remote, startedAt } = this.#run;
    const secrets: PlayedSecret[] = [{ peer: local, secret }, ...others];
    if (others.length === 0 && remote && script.remoteSecret)
      secrets.push({ peer: remote, secret: script.remoteSecret });
    const duration = Math.max(0, (this.#endedAt ?? startedAt) - startedAt);
    return {
      script,
      seed,
      outcome,
      packets: this.#packets,
      deeds: this.#deeds,
      sentBy: this.#sentBy,
      secrets,
      duration,
    };
  }

  /** The script ends with a line that the peer cannot do, whatever the run made of the lines after it. */
  #refused(step: Step, problem: string, now: number): void {
    const failure = { step, at: now - this.#run.startedAt, kind: 'refused', problem } as const;
    this.#run = { ...this.#run, outcome: { verdict: 'fail', failure } };
    this.#endedAt = now;
    this.#stage.done();
  }

  #perform(effect: RunEffect, now: number): void {
    const { startedAt } = this.#run;
    switch (effect.type) {
      case 'send':
        this.#sentBy.set(effect.bytes, effect.step);
        return this.#stage.send(effect.bytes, effect.via);
      case 'wait':
        return this.#stage.wakeAt(effect.until);
      case 'command': {
        const problem = this.#stage.command(effect.name, effect.given);
        if (problem !== undefined) this.#refused(effect.step, problem, now);
        return;
      }
      case 'passed':
        this.#deeds.push({ at: effect.at - startedAt, step: effect.step, packet: effect.packet });
        return;
      case 'ignored':
        this.#deeds.push({ at: effect.packet.at - startedAt, step: undefined, packet: effect.packet });
        return;
      case 'done':
        this.#endedAt = now;
        return this.#stage.done();
    }
  }
}
