import { createRequire } from 'node:module';

/** What is used of the library `cap`: an interface that is or will be open. */
export interface CapHandle {
  /** The library keeps a pointer to the buffer for as long as the interface is open. @returns the name of the link type */
  open(device: string, filter: string, bufferSize: number, buffer: Buffer): string;
  on(event: 'packet', listener: (size: number) => void): void;
  send(bytes: Buffer, size: number): void;
}

/** Loads the library. @param missing told why it cannot be had */
export function loadCap(missing: (why: string) => never): CapHandle {
  try {
    // The library has no types, and is loaded where it is installed.
    const { Cap } = createRequire(import.meta.url)('cap') as { readonly Cap: new () => CapHandle };
    return new Cap();
  } catch (error) {
    return missing(complaintOf(error));
  }
}

/** What the library complains about, in a line. */
export const complaintOf = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
