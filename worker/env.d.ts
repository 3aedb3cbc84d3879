/** Settings that wrangler.toml does not carry, so that `wrangler types` cannot know them. All are text; absent means the safe choice. */
interface HostviewSettings {
  /** Who may look: `open` is everybody who can reach the Worker, `token`, `cloudflare-access`; absent (or anything else) is nobody. */
  VIEWER_ACCESS?: string;
  /** Secret, at least 16 random characters: what viewers log in with where VIEWER_ACCESS is `token`. */
  VIEWER_TOKEN?: string;
  /** Where VIEWER_ACCESS is `cloudflare-access`: the team's domain, `https://TEAM.cloudflareaccess.com`. */
  ACCESS_TEAM_DOMAIN?: string;
  /** The same: the AUD tag of the Access application. */
  ACCESS_AUD?: string;
  /** Comma list of Host headers that are answered (DNS rebinding); absent: any. */
  ALLOWED_HOSTS?: string;
  /** Comma list of other origins whose pages may read (`https://portal.example`); absent: none. Never a cookie, never `*`. */
  CORS_ORIGINS?: string;
  /** `all`: every request is logged; absent: refusals and errors only. */
  LOG_REQUESTS?: string;
  /** The forwarder's image that install.yaml names (`registry.example.com/hostview-forwarder:0.1.0`); absent: no install.yaml. */
  FORWARDER_IMAGE?: string;
  /** The URL under which clusters reach this edge (`https://hostview.example.com`); absent: that of the request. */
  PUBLIC_URL?: string;
  /** How many days of the past are kept (`7`, `0.5`; worker/retention.ts); absent, or no such number: 7. */
  RETENTION_DAYS?: string;
  /** How many MB (2^20 bytes) of the past a cluster keeps at most; absent, or no such number: 64. */
  RETENTION_MB?: string;
  /** Secret, at least 16 random characters: the bearer token of the administrative routes; absent or shorter: they are switched off. */
  ADMIN_TOKEN?: string;
}
interface Env extends HostviewSettings {}
declare namespace Cloudflare {
  interface Env extends HostviewSettings {}
}
