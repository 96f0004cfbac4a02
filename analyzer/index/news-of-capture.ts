import type { Capture } from '../capture/capture.js';
import type { Scanner } from './scan.js';
import type { CaptureNews } from './scanned-capture.js';

/** Gathers what a scan has found since it was told last. */
export class NewsOfCapture {
  private readonly capture: Pick<Capture, 'interfaces' | 'log'>;
  private readonly scanner: Scanner;
  private interfaces = 0;
  private packets = 0;

  constructor(capture: Pick<Capture, 'interfaces' | 'log'>, scanner: Scanner) {
    this.capture = capture;
    this.scanner = scanner;
  }

  take(): CaptureNews {
    const { capture, scanner } = this;
    const { writer, known } = scanner;
    const { log } = capture;
    const interfaces = capture.interfaces.slice(this.interfaces);
    this.interfaces += interfaces.length;
    const comments: (readonly [number, readonly string[]])[] = [];
    // The file may have been read further than it was scanned.
    while (this.packets < writer.index.length) {
      if (log.comments.size === 0) this.packets = writer.index.length;
      else comments.push(...this.commentsOf(++this.packets));
    }
    const index = writer.news(known.fresh());
    log.forgetComments(index.first);
    return { index, interfaces, comments };
  }

  private commentsOf(number: number): readonly (readonly [number, readonly string[]])[] {
    const texts = this.capture.log.comments.get(number);
    return texts ? [[number, texts]] : [];
  }
}
