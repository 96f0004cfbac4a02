import type { CaptureEvent } from '../../dissectors/file/events.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { WrittenCapture } from './packet-file.js';

/** What several captures tell besides their packets, as if they were one. */
export class JoinedCaptures implements WrittenCapture {
  /** Standard input brings its secrets with its packets, files before them. */
  readonly path: string;
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
    const [only] = captures;
    const isPipe = captures.some(({ path }) => path === '-');
    this.path = isPipe ? '-' : captures.length === 1 ? (only?.path ?? '') : '';
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
        const interfaceId = event.type === 'statistics' ? (places[event.interfaceId] ?? event.interfaceId) : 0;
        this.log.events.push(event.type === 'statistics' ? { ...event, interfaceId } : event);
        isNew = true;
      }
    }
    return isNew;
  }
}
