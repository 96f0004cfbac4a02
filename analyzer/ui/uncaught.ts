/**
 * Errors that nobody catches, in callbacks and in promises. They would end the process at once; as long as this listens,
 * it goes on, so that the program can end in order: the first of them rejects a promise, those after it are its sequels.
 */
export class Uncaught {
  /** Never fulfilled. @throws the first error */
  readonly first: Promise<never>;
  #reject: (error: unknown) => void = () => {};
  readonly #take = (error: unknown): void => this.#reject(error);

  constructor() {
    this.first = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // A program that ends for another reason does not wait for it.
    this.first.catch(() => {});
    process.on('uncaughtException', this.#take);
  }

  /** Errors end the process again. */
  close(): void {
    process.off('uncaughtException', this.#take);
  }
}
