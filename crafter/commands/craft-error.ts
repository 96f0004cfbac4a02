/** What the user asked the crafter for cannot be understood, or cannot be done. One line, no stack. */
export class CraftError extends Error {
  override readonly name = 'CraftError';
  /** The exit status that belongs to it: 2 for words that make no sense, 1 for what cannot be done. */
  readonly status: 1 | 2;

  constructor(problem: string, status: 1 | 2 = 2) {
    super(problem);
    this.status = status;
  }
}

/** Does something on the user's behalf; what is wrong with the words is told with the place it was found in. */
export function at<T>(place: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof RangeError) throw new CraftError(`${place}: ${error.message}`);
    throw error;
  }
}
