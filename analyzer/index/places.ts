/**
 * Where a number stands among the first `count` of ascending numbers.
 * @returns −1 where it does not
 */
export function placeOfNumber(numbers: Uint32Array, count: number, number: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low < count && numbers[low] === number ? low : -1;
}

/** Sorts ascending places of rows by a column, in place; rows with equal keys stay in the order of their places. */
export function sortByKey(places: Uint32Array, keys: ArrayLike<number>, descending: boolean): Uint32Array {
  const sign = descending ? -1 : 1;
  return places.sort((one, other) => sign * ((keys[one] ?? 0) - (keys[other] ?? 0)) || one - other);
}
