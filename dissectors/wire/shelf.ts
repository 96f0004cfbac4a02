/** What can be on a shelf: it knows where it is. */
export interface Shelved<Item extends Shelved<Item>> {
  /** The shelf that it is on, and its neighbours there. */
  shelf: Shelf<Item> | undefined;
  olderOnShelf: Item | undefined;
  newerOnShelf: Item | undefined;
}

/**
 * Items in the order in which they were put here. Each is on one shelf at most; being put on one takes it off the
 * other. A `Set` would do, but finding its oldest member means passing all that were deleted before it.
 */
export class Shelf<Item extends Shelved<Item>> {
  oldest: Item | undefined;
  private newest: Item | undefined;
  size = 0;

  put(item: Item): void {
    item.shelf?.take(item);
    item.shelf = this;
    item.olderOnShelf = this.newest;
    if (this.newest) this.newest.newerOnShelf = item;
    else this.oldest = item;
    this.newest = item;
    this.size++;
  }

  take(item: Item): void {
    if (item.shelf !== this) return;
    const { olderOnShelf, newerOnShelf } = item;
    if (olderOnShelf) olderOnShelf.newerOnShelf = newerOnShelf;
    else this.oldest = newerOnShelf;
    if (newerOnShelf) newerOnShelf.olderOnShelf = olderOnShelf;
    else this.newest = olderOnShelf;
    item.shelf = undefined;
    item.olderOnShelf = undefined;
    item.newerOnShelf = undefined;
    this.size--;
  }
}

/** Where something is that is on no shelf yet. */
export const NOT_SHELVED = { shelf: undefined, olderOnShelf: undefined, newerOnShelf: undefined };
