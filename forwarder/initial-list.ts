/** A list that arrives as a stream: what is there, by key, as far as it was told. Pure. */

export class InitialList<Fact> {
  readonly #facts = new Map<string, Fact>();
  /** Deleted while the list was under way, with their last states. */
  readonly #gone = new Map<string, Fact>();
  /** Objects that cannot be understood count too: they were told. */
  set(key: string, fact: Fact | null): void {
    this.#gone.delete(key);
    if (fact === null) this.#facts.delete(key);
    else this.#facts.set(key, fact);
  }

  remove(key: string, fact: Fact): void {
    this.#facts.delete(key);
    this.#gone.set(key, fact);
  }

  /** What there is, and what there was a moment ago: the last state of a migration tells its outcome (T3). */
  get all(): readonly Fact[] {
    return [...this.#facts.values(), ...this.#gone.values()];
  }

  /** Those of `all` that are gone. */
  get gone(): Iterable<Fact> {
    return this.#gone.values();
  }
}
