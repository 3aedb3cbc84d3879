/** The address of a pattern as Hono writes it. */
export const toPathname = (pattern: string, parameters: Readonly<Record<string, string>>): string =>
  pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? 'x'));
