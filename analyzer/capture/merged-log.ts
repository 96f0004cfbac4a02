import { type CaptureEvent, type CaptureEvents, EventLog } from '../../dissectors/file/events.js';
import { type CaptureInterface, NO_INTERFACE } from '../../dissectors/file/records.js';

/** What an event is taken to weigh in memory, besides bytes that it holds. */
const EVENT_SIZE = 128;

/** What one of several captures tells besides its packets. */
export interface Telling {
  readonly path: string;
  readonly interfaces: readonly CaptureInterface[];
  readonly log: CaptureEvents;
}

/** How much of one capture was taken, and where its interfaces are among all. */
interface Taken {
  readonly places: number[];
  events: number;
  /** Of its first section among those of all captures. */
  readonly section: number;
}

/** What several captures tell besides their packets, as if they were one: interfaces, comments, names, secrets, … */
export class MergedLog {
  readonly interfaces: CaptureInterface[] = [];
  readonly log = new EventLog();
  readonly #taken = new Map<Telling, Taken>();
  #sections = 0;

  /**
   * Takes what a capture has told since the last call.
   * @returns the place among all interfaces of each of its own
   */
  take(from: Telling): readonly number[] {
    const taken = this.#taken.get(from) ?? { places: [], events: 0, section: this.#sections };
    this.#taken.set(from, taken);
    const { places, section } = taken;
    while (places.length < from.interfaces.length) {
      const own = from.interfaces[places.length] as CaptureInterface;
      this.#sections = Math.max(this.#sections, section + own.section + 1);
      places.push(this.#add({ ...own, section: section + own.section, file: from.path }));
    }
    const { events } = from.log;
    for (; taken.events < events.length; taken.events++) {
      const event = this.#changed(events[taken.events] as CaptureEvent, taken);
      this.log.add(EVENT_SIZE + ('bytes' in event ? event.bytes.length : 0), () => event);
    }
    return places;
  }

  /** The place of a capture's interface among all. */
  static placeOf(places: readonly number[], interfaceId: number): number {
    return interfaceId === NO_INTERFACE ? NO_INTERFACE : (places[interfaceId] ?? NO_INTERFACE);
  }

  /** Takes the comments on a packet along; those of its capture are needed no more. */
  takeComments({ log }: Telling, own: number, number: number): void {
    const texts = log.comments.get(own);
    if (texts) this.log.comment(number, texts);
  }

  /** A capture has been read to its end: nothing of it is needed any more. */
  end(from: Telling): void {
    this.take(from);
    this.#taken.delete(from);
    for (const [type, count] of from.log.skipped) this.log.skipped.set(type, (this.log.skipped.get(type) ?? 0) + count);
    this.log.left += from.log.left;
  }

  #add(one: CaptureInterface): number {
    if (this.interfaces.length < NO_INTERFACE) return this.interfaces.push(one) - 1;
    this.log.leave();
    return NO_INTERFACE;
  }

  #changed(event: CaptureEvent, { places, section }: Taken): CaptureEvent {
    switch (event.type) {
      case 'section':
        this.#sections = Math.max(this.#sections, section + event.section + 1);
        return { ...event, section: section + event.section };
      case 'statistics':
        return { ...event, interfaceId: places[event.interfaceId] ?? event.interfaceId };
      default:
        return event;
    }
  }
}
