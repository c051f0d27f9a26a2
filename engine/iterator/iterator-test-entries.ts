/**
 * For tests only: arrays as cursors and cursors as arrays. A cursor gives undefined at its end and from then on, and
 * `drain` holds it to that.
 */
export function iterate<Item>(items: Iterable<Item>): { next(): Item | undefined } {
  const values = items[Symbol.iterator]();
  return {
    next: () => {
      const step = values.next();
      return step.done === true ? undefined : step.value;
    },
  };
}

/** All that is left in a cursor. */
export function drain<Item>(cursor: { next(): Item | undefined }): Item[] {
  const items: Item[] = [];
  for (let item = cursor.next(); item !== undefined; item = cursor.next()) items.push(item);
  if (cursor.next() !== undefined) throw new Error('A cursor went on after its end.');
  return items;
}
