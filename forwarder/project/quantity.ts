/** Kubernetes quantities: "4", "3900m", "16Gi", "1e9", "0.5". Source: k8s.io/apimachinery, api/resource, quantity.go. */

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number that a quantity stands for (cores, bytes); undefined where it is no quantity, negative, or larger than can be counted exactly. */
export function parseQuantity(quantity: unknown): number | undefined {
  if (typeof quantity === 'number') return isCountable(quantity) ? quantity : undefined;
  if (typeof quantity !== 'string') return undefined;
  // "1E3" is an exponent, "1E" is exa: the exponent is tried first, as the API server does.
  const match = /^\+?(\d+\.?\d*|\.\d+)(?:([eE][+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(quantity);
  if (match === null) return undefined;
  const factor = SUFFIXES[match[3] ?? ''];
  if (factor === undefined) return undefined;
  const value = Number(`${match[1]}${match[2] ?? ''}`) * factor;
  // Milli-units leave binary dust behind (3900m = 3.9000000000000004), which would only make digests and pages ugly.
  return isCountable(value) ? Number(value.toPrecision(15)) : undefined;
}

/** The room takes nothing larger, and people can write anything into a spec. */
export const isCountable = (value: number): boolean => value >= 0 && value <= Number.MAX_SAFE_INTEGER;
