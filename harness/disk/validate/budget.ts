/** How much a search may try before it gives up, in whatever unit it spends. */
export class Budget {
  #left: number;

  constructor(total: number) {
    this.#left = total;
  }

  /** Throws BudgetSpent when nothing is left. */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new BudgetSpent();
  }
}

/** A search gave up: nothing is known. */
export class BudgetSpent extends Error {
  override readonly name = 'BudgetSpent';
}
