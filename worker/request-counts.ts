/** How many requests this isolate has answered, for /metrics. Bounded: patterns, methods and classes of status are few. */

export interface RequestCount {
  readonly method: string;
  /** The pattern, never the address itself. */
  readonly route: string;
  /** `2xx` and so on. */
  readonly status: string;
  readonly count: number;
}

export class RequestCounts {
  readonly #counts = new Map<string, RequestCount>();

  add(method: string, route: string, status: number): void {
    const of = { method, route, status: `${Math.floor(status / 100)}xx` };
    const key = `${method} ${route} ${of.status}`;
    this.#counts.set(key, { ...of, count: (this.#counts.get(key)?.count ?? 0) + 1 });
  }

  list(): readonly RequestCount[] {
    return [...this.#counts.values()];
  }
}
