/**
 * The bytes that a power loss may show where a file has grown and its data did not arrive. Garbage is a fixed
 * pseudo-random pattern that depends on the place of the write in the trace. Stale bytes are those that the newest
 * other file of the same directory has at the same place, as if its blocks had been given to this file: for a log that
 * means records of an older log.
 */
export class FillBytes {
  private readonly files = new Map<
    number,
    { readonly directory: string; bytes: Uint8Array; length: number }
  >();
  private readonly inodesOf = new Map<string, number[]>();

  add(inode: number, directory: string, bytes: Uint8Array = new Uint8Array(0)): void {
    // A copy, because it is written to and the disk's own bytes must stay.
    this.files.set(inode, { directory, bytes: bytes.slice(), length: bytes.length });
    const inodes = this.inodesOf.get(directory);
    if (inodes === undefined) this.inodesOf.set(directory, [inode]);
    else inodes.push(inode);
  }

  write(inode: number, offset: number, bytes: Uint8Array): void {
    const file = this.files.get(inode);
    if (file === undefined) return;
    const end = offset + bytes.length;
    if (end > file.bytes.length) {
      const larger = new Uint8Array(Math.max(end, file.bytes.length * 2));
      larger.set(file.bytes.subarray(0, file.length));
      file.bytes = larger;
    }
    file.bytes.set(bytes, offset);
    file.length = Math.max(file.length, end);
  }

  bytes(
    fill: 'garbage' | 'stale',
    place: { readonly inode: number; readonly step: number; readonly start: number; readonly length: number },
  ): Uint8Array {
    return fill === 'garbage' ? garbage(place) : this.stale(place);
  }

  private stale(place: {
    readonly inode: number;
    readonly start: number;
    readonly length: number;
  }): Uint8Array {
    const result = new Uint8Array(place.length);
    const directory = this.files.get(place.inode)?.directory ?? '';
    const other = (this.inodesOf.get(directory) ?? []).findLast(
      (inode) => inode < place.inode && (this.files.get(inode)?.length ?? 0) > place.start,
    );
    const file = other === undefined ? undefined : this.files.get(other);
    if (file === undefined) return result;
    result.set(file.bytes.subarray(place.start, Math.min(file.length, place.start + place.length)));
    return result;
  }
}

/** Multiplicative congruence with Lehmer's constants; anything that looks like no data will do. */
function garbage({
  step,
  start,
  length,
}: {
  readonly step: number;
  readonly start: number;
  readonly length: number;
}) {
  const result = new Uint8Array(length);
  let state = (step * 2_654_435_761 + start + 1) >>> 0;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    result[index] = state >>> 24;
  }
  return result;
}
