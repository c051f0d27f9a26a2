/**
 * The word that somebody probably meant: the candidate with the smallest Levenshtein distance (one letter added,
 * taken away or changed counts one), the first of several. Used for the suggestions of error messages, so only the
 * first 100 letters of the word are looked at.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const start = word.slice(0, 100);
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of candidates) {
    const distance = editDistance(start, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Wagner and Fischer's table, of which only the last row is kept. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, at(row, j) + 1, at(next, j - 1) + 1));
    }
    row = next;
  }
  return at(row, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
