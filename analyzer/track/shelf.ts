import type { Channel } from './channel.js';

/**
 * Channels in the order in which they were put here. Each is on one shelf at most; being put on one takes it off the
 * other. A `Set` would do, but finding its oldest member means passing all that were deleted before it.
 */
export class Shelf {
  oldest: Channel | undefined;
  private newest: Channel | undefined;
  size = 0;

  put(channel: Channel): void {
    channel.shelf?.take(channel);
    channel.shelf = this;
    channel.olderOnShelf = this.newest;
    if (this.newest) this.newest.newerOnShelf = channel;
    else this.oldest = channel;
    this.newest = channel;
    this.size++;
  }

  take(channel: Channel): void {
    if (channel.shelf !== this) return;
    const { olderOnShelf, newerOnShelf } = channel;
    if (olderOnShelf) olderOnShelf.newerOnShelf = newerOnShelf;
    else this.oldest = newerOnShelf;
    if (newerOnShelf) newerOnShelf.olderOnShelf = olderOnShelf;
    else this.newest = olderOnShelf;
    channel.shelf = undefined;
    channel.olderOnShelf = undefined;
    channel.newerOnShelf = undefined;
    this.size--;
  }
}
