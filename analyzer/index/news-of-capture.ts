import type { Capture } from '../capture/capture.js';
import type { Scanner } from './scan.js';
import type { CaptureNews } from './scanned-capture.js';

/** Gathers what a scan has found since it was told last. */
export class NewsOfCapture {
  private readonly capture: Pick<Capture, 'interfaces' | 'log'>;
  private readonly scanner: Scanner;
  private interfaces = 0;
  private events = 0;
  private secrets = 0;
  private packets = 0;

  constructor(capture: Pick<Capture, 'interfaces' | 'log'>, scanner: Scanner) {
    this.capture = capture;
    this.scanner = scanner;
  }

  take(): CaptureNews {
    const { capture, scanner } = this;
    const { writer, known, examiner } = scanner;
    const secrets = examiner.tracker.judge.secrets.slice(this.secrets);
    this.secrets += secrets.length;
    const { log } = capture;
    const interfaces = capture.interfaces.slice(this.interfaces);
    this.interfaces += interfaces.length;
    const events = log.events.slice(this.events);
    this.events += events.length;
    const comments: (readonly [number, readonly string[]])[] = [];
    // The file may have been read further than it was scanned.
    while (this.packets < writer.index.length) {
      if (log.comments.size === 0) this.packets = writer.index.length;
      else comments.push(...this.commentsOf(++this.packets));
    }
    const index = writer.news(known.fresh());
    log.forgetComments(index.first);
    return { index, interfaces, comments, secrets, events };
  }

  private commentsOf(number: number): readonly (readonly [number, readonly string[]])[] {
    const texts = this.capture.log.comments.get(number);
    return texts ? [[number, texts]] : [];
  }
}
