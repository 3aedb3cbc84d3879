/** Headers of everything that the Worker itself answers. The page's own are in web/public/_headers. */
export const API_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Only over https: over http it means nothing, and what is in front may end TLS and say it itself. */
export const HTTPS_HEADERS: Readonly<Record<string, string>> = { 'strict-transport-security': 'max-age=31536000' };

/** Does not touch the body, so a stream stays one. Responses of other objects have headers that cannot be changed in place. */
export function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  const changed = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) if (!changed.headers.has(name)) changed.headers.set(name, value);
  return changed;
}
