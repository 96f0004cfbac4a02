/** A list whose rows can be selected, beside the one under the cursor. */
interface SelectableList {
  readonly chosen: ReadonlySet<number>;
  /** The number of the row under the cursor; 0 while there is none. */
  readonly selected: number;
  /** Places in the snapshot of the rows that are shown. */
  readonly order: Uint32Array;
  readonly snapshot: { placeOf(number: number): number } | undefined;
}

/** The selected rows that are shown, in the order of their numbers: what a search hides is not acted on. */
export function chosenShown({ chosen, order, snapshot }: SelectableList): readonly number[] {
  const isShown = (number: number) => {
    const place = snapshot?.placeOf(number) ?? -1;
    return place >= 0 && order.includes(place);
  };
  return [...chosen].filter(isShown).sort((one, other) => one - other);
}

/** What a command acts on: the selected rows that are shown, or the one under the cursor. */
export function actedOn(list: SelectableList): readonly number[] {
  const chosen = chosenShown(list);
  return chosen.length > 0 ? chosen : list.selected === 0 ? [] : [list.selected];
}

/** How many rows are selected, and how many of them are not shown; empty for none. */
export function selectedText(list: SelectableList): string {
  const { size } = list.chosen;
  if (size === 0) return '';
  const hidden = size - chosenShown(list).length;
  return hidden === 0 ? `${size} selected` : `${size} selected (${hidden} hidden)`;
}
