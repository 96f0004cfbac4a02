import type { CaptureEvent } from '../../dissectors/file/events.js';
import { CHANNEL_SECRETS } from '../../dissectors/file/pcapng-blocks.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { WrittenCapture } from './packet-file.js';

/** What several captures tell besides their packets, as if they were one. */
export class JoinedCaptures implements WrittenCapture {
  readonly inputs: readonly string[];
  /** Standard input brings its secrets with its packets, files before them. */
  readonly bringsSecrets: boolean;
  readonly interfaces: CaptureInterface[] = [];
  readonly log: { readonly events: CaptureEvent[] } = { events: [] };
  readonly #captures: readonly WrittenCapture[];
  readonly #linkType: number | undefined;
  readonly #dropsNames: boolean;
  readonly #changed = new Map<CaptureInterface, CaptureInterface>();
  /** Interfaces and events of each capture that were taken. */
  readonly #taken: { interfaces: number; events: number }[];
  /** The place among all interfaces of each of a capture's. */
  readonly #places: number[][];

  /** @param linkType the link type of all packets, if it is a new one */
  constructor(captures: readonly WrittenCapture[], linkType: number | undefined, dropsNames: boolean) {
    this.inputs = captures.flatMap(({ inputs }) => inputs);
    this.bringsSecrets = captures.some((capture) => capture.bringsSecrets);
    this.#captures = captures;
    this.#linkType = linkType;
    this.#dropsNames = dropsNames;
    this.#taken = captures.map(() => ({ interfaces: 0, events: 0 }));
    this.#places = captures.map(() => []);
  }

  /** The interface as it is written. */
  interfaceOf(from: CaptureInterface): CaptureInterface {
    if (this.#linkType === undefined || this.#linkType === from.linkType) return from;
    const known = this.#changed.get(from) ?? { ...from, linkType: this.#linkType };
    this.#changed.set(from, known);
    return known;
  }

  /** Takes what the captures have told since the last call; whether that is anything. */
  take(): boolean {
    let isNew = false;
    for (const [place, capture] of this.#captures.entries()) {
      const taken = this.#taken[place];
      const places = this.#places[place];
      if (!taken || !places) continue;
      for (; taken.interfaces < capture.interfaces.length; taken.interfaces++) {
        const from = capture.interfaces[taken.interfaces];
        if (!from) break;
        places.push(this.interfaces.push(this.interfaceOf(from)) - 1);
        isNew = true;
      }
      const { events } = capture.log;
      for (; taken.events < events.length; taken.events++) {
        const event = events[taken.events];
        if (!event || (event.type === 'name' && this.#dropsNames)) continue;
        // Those of files were read before, and are written once.
        if (event.type === 'secrets' && event.kind === CHANNEL_SECRETS && !capture.bringsSecrets) continue;
        const interfaceId = event.type === 'statistics' ? (places[event.interfaceId] ?? event.interfaceId) : 0;
        this.log.events.push(event.type === 'statistics' ? { ...event, interfaceId } : event);
        isNew = true;
      }
    }
    return isNew;
  }
}
