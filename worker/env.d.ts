/** Settings that wrangler.toml does not carry, so that `wrangler types` cannot know them. All are text; absent means the safe choice. */
interface HostviewSettings {
  /** Who may look: `open` is everybody who can reach the Worker; absent (or anything else) is nobody. */
  VIEWER_ACCESS?: string;
  /** Comma list of Host headers that are answered (DNS rebinding); absent: any. */
  ALLOWED_HOSTS?: string;
  /** Secret: the bearer token of the administrative routes; absent: they are switched off. */
  ADMIN_TOKEN?: string;
}
interface Env extends HostviewSettings {}
declare namespace Cloudflare {
  interface Env extends HostviewSettings {}
}
