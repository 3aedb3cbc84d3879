/** What `[[rules]]` in wrangler.toml makes text of. */
declare module '*.yaml' {
  const text: string;
  export default text;
}
