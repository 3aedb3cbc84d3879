/** Which members stand under which keys, kept up member by member. */
const NONE: ReadonlySet<never> = new Set<never>();

export class SetIndex<Key, Member> {
  readonly #members = new Map<Key, Set<Member>>();
  readonly #keys = new Map<Member, readonly Key[]>();

  /** Those that stand under a key. */
  get(key: Key): ReadonlySet<Member> {
    return this.#members.get(key) ?? NONE;
  }

  /** Those under which a member stands. */
  keysOf(member: Member): readonly Key[] {
    return this.#keys.get(member) ?? [];
  }

  /** Puts a member under these keys and no others; tells the keys that it left or came to. */
  set(member: Member, keys: readonly Key[]): readonly Key[] {
    const before = this.#keys.get(member) ?? [];
    if (keys.length === before.length && keys.every((key, index) => key === before[index])) return [];
    for (const key of before) {
      const members = this.#members.get(key);
      members?.delete(member);
      if (members?.size === 0) this.#members.delete(key);
    }
    for (const key of keys) {
      const members = this.#members.get(key) ?? new Set<Member>();
      members.add(member);
      this.#members.set(key, members);
    }
    if (keys.length === 0) this.#keys.delete(member);
    else this.#keys.set(member, keys);
    return before.length === 0 ? keys : [...before, ...keys];
  }
}
